#include "core/tasks/deadletters/deadletterqueue.h"
#include "tests/support/fakeclock.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace vigie;

namespace {

DeadLetter letter(int number) {
    DeadLetter one;
    one.runId = QStringLiteral("run");
    one.planName = QStringLiteral("plan \"x\"");
    one.profile = QStringLiteral("llm-task");
    one.task = {QString::number(number),
                QStringLiteral("gpu"),
                QStringLiteral("llama-3"),
                QStringLiteral("prompt\n\u00e9 %1").arg(number),
                {},
                std::chrono::seconds(3)};
    one.id = DeadLetter::idOf(one.runId, one.task.id);
    one.engine = {QStringLiteral("gpu"),
                  QStringLiteral("openai"),
                  {{QStringLiteral("url"), QStringLiteral("http://127.0.0.1:1")}}};
    one.idempotencyKey = idempotencyKey(one.runId, one.task.id);
    one.errorClass = ErrorClass::Overloaded;
    one.message = QStringLiteral("GPU kernel overload");
    one.attempts = 3;
    return one;
}

QStringList idsOf(DeadLetterQueue& queue) {
    QStringList ids;
    const auto letters = queue.letters();
    if (!letters)
        qFatal("%s", qUtf8Printable(letters.error().message));
    for (const DeadLetter& each : *letters)
        ids.append(each.task.id);
    return ids;
}

} // namespace

class TestDeadLetterQueue : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    FakeClock m_clock;

    DeadLetterQueue open(DeadLetterOptions options = {}) {
        auto queue = DeadLetterQueue::open(m_clock, m_folder->path(), options);
        if (!queue)
            qFatal("%s", qUtf8Printable(queue.error().message));
        return std::move(*queue);
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void isThereAfterARestart() {
        {
            DeadLetterQueue queue = open();
            for (int i = 1; i <= 3; ++i)
                QVERIFY(queue.add(letter(i)));
            QVERIFY(queue.drop(QStringLiteral("run:2"), QStringLiteral("by hand")));
        }
        DeadLetterQueue queue = open();
        QCOMPARE(idsOf(queue), QStringList({QStringLiteral("1"), QStringLiteral("3")}));
        DeadLetter expected = letter(3);
        expected.diedAt = expected.lastTriedAt = m_clock.wallNow();
        expected.expiresAt = m_clock.wallNow() + std::chrono::hours(24);
        QVERIFY(*queue.find(QStringLiteral("run:3")) == expected);
    }

    void theSameTaskHasOneLetter() {
        DeadLetterQueue queue = open();
        QVERIFY(queue.add(letter(1)));
        QVERIFY(queue.add(letter(2)));
        DeadLetter again = letter(1);
        again.message = QStringLiteral("another reason");
        QVERIFY(queue.add(again));
        QCOMPARE(idsOf(queue), QStringList({QStringLiteral("1"), QStringLiteral("2")}));
        QCOMPARE(queue.find(QStringLiteral("run:1"))->message, again.message);
    }

    void anUnknownIdNamesANearOne() {
        DeadLetterQueue queue = open();
        QVERIFY(queue.add(letter(12)));
        const auto found = queue.find(QStringLiteral("run:13"));
        QVERIFY(!found);
        QVERIFY(found.error().kind == FailureKind::NotFound);
        QVERIFY(found.error().message.contains(QStringLiteral("did you mean \"run:12\"?")));
        QVERIFY(!queue.drop(QStringLiteral("x"), {}));
        QVERIFY(!queue.edit(QStringLiteral("x"), [](DeadLetter&) {}));
    }

    void editingGivesNewTries() {
        DeadLetterQueue queue = open({2, std::chrono::hours(1), 10});
        QVERIFY(queue.add(letter(1)));
        const QString id = QStringLiteral("run:1");
        for (int i = 1; i <= 2; ++i) {
            QVERIFY(queue.mayReplay(*queue.find(id)));
            const auto failed =
                queue.failedAgain(id, 3, ErrorClass::Timeout, QStringLiteral("slow"));
            QCOMPARE(failed->tries, i);
            QCOMPARE(failed->attempts, 3 + 3 * i);
        }
        QVERIFY(!queue.mayReplay(*queue.find(id)));
        QVERIFY(
            queue.edit(id, [](DeadLetter& one) { one.task.prompt = QStringLiteral("shorter"); }));
        DeadLetterQueue again = open({2, std::chrono::hours(1), 10});
        QCOMPARE(again.find(id)->task.prompt, QStringLiteral("shorter"));
        QVERIFY(again.mayReplay(*again.find(id)));
        QVERIFY(again.find(id)->errorClass == ErrorClass::Timeout);
    }

    void lettersExpire() {
        DeadLetterQueue queue = open({3, std::chrono::hours(1), 10});
        QVERIFY(queue.add(letter(1)));
        m_clock.advance(std::chrono::minutes(40));
        QVERIFY(queue.add(letter(2)));
        m_clock.advance(std::chrono::minutes(30));
        QCOMPARE(idsOf(queue), QStringList({QStringLiteral("2")}));
        QVERIFY(!queue.find(QStringLiteral("run:1")));
        QVERIFY(queue.add(letter(3))); // and writes the expired one off
        DeadLetterQueue again = open({3, std::chrono::hours(1), 10});
        QCOMPARE(idsOf(again), QStringList({QStringLiteral("2"), QStringLiteral("3")}));
    }

    void isBounded() {
        DeadLetterQueue queue = open({3, std::chrono::hours(1), 4});
        for (int i = 1; i <= 6; ++i)
            QVERIFY(queue.add(letter(i)));
        QCOMPARE(idsOf(queue), QStringList({QStringLiteral("3"), QStringLiteral("4"),
                                            QStringLiteral("5"), QStringLiteral("6")}));
        QCOMPARE(queue.pushedOut(), 2u);
        QVERIFY(queue.add(letter(5))); // is there already: nothing has to go
        QCOMPARE(queue.pushedOut(), 2u);
    }

    void itsFileDoesNotGrowForEver() {
        DeadLetterQueue queue = open();
        const auto longLetter = [](int number) {
            DeadLetter one = letter(number);
            one.task.prompt = QString(5000, u'p');
            return one;
        };
        for (int i = 0; i < 300; ++i)
            QVERIFY(queue.add(longLetter(i % 5)));
        const qsizetype one = encodeDeadLetterEvent(longLetter(1)).size();
        QVERIFY(QFile(queue.path()).size() < 150 * one);
        QCOMPARE(idsOf(queue).size(), 5);
        DeadLetterQueue again = open();
        QCOMPARE(idsOf(again), idsOf(queue));
    }

    void severalMayUseItAtATime() {
        DeadLetterQueue one = open();
        DeadLetterQueue two = open();
        QVERIFY(one.add(letter(1)));
        QVERIFY(two.add(letter(2)));
        QVERIFY(one.drop(QStringLiteral("run:2"), {}));
        QVERIFY(two.failedAgain(QStringLiteral("run:1"), 1, ErrorClass::Timeout, {}));
        QCOMPARE(idsOf(one), QStringList({QStringLiteral("1")}));
        QCOMPARE(idsOf(two), QStringList({QStringLiteral("1")}));
        // One rewrites the file while the other has it open.
        for (int i = 0; i < 260; ++i)
            QVERIFY(one.add(letter(1)));
        QVERIFY(two.add(letter(7)));
        QCOMPARE(idsOf(one), QStringList({QStringLiteral("1"), QStringLiteral("7")}));
    }

    void codecRefusesOtherJson() {
        for (const char* text :
             {"", "{}", "[]", "{\"letter\":{}}", "{\"gone\":{}}", "{\"letter\":3}"})
            QVERIFY2(!decodeDeadLetterEvent(text), text);
    }
};

QTEST_GUILESS_MAIN(TestDeadLetterQueue)
#include "tst_deadletterqueue.moc"
