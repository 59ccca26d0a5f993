#include "core/alerts/alertmanagercodec.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

const WallTime noon{std::chrono::milliseconds(1'800'000'000'000)}; // 2027-01-15T08:00:00Z

QByteArray posted(const QByteArray& matchers, const QByteArray& ends = "2027-01-15T09:00:00Z",
                  const QByteArray& comment = "\"they mend it\"") {
    return "{\"matchers\":" + matchers + ",\"startsAt\":\"2027-01-15T07:00:00Z\",\"endsAt\":\"" +
           ends + "\",\"createdBy\":\"x\",\"comment\":" + comment + "}";
}

QByteArray matcher(const QByteArray& name, const QByteArray& value) {
    return "[{\"name\":\"" + name + "\",\"value\":\"" + value + "\",\"isRegex\":false}]";
}

} // namespace

class TestSilence : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void matchersAreAlertmanagers_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("value"); ///< of the label pool
        QTest::addColumn<bool>("fits");
        const auto row = [](const char* text, const char* value, bool fits) {
            QTest::addRow("%s on '%s'", text, value) << text << value << fits;
        };
        row("pool=a/b", "a/b", true);
        row("pool=a/b", "a/bc", false);
        row("pool=\"a/b\"", "a/b", true);
        row("pool!=\"a/b\"", "a/b", false);
        row("pool!=a", "", true);
        row("pool=~\"a|b\"", "b", true);
        row("pool=~\"a|b\"", "ab", false); // the whole value
        row("pool=~a.*", "abc", true);
        row("pool!~\"a.*\"", "abc", false);
        row("pool =~ \"a.*\"", "abc", true);
        row("pool=\"say \\\"a\\\"\"", "say \"a\"", true);
        row("pool=\"\"", "", true);
        row("pool=~\"(a+)+b\"", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", false);
    }
    void matchersAreAlertmanagers() {
        QFETCH(QString, text);
        QFETCH(QString, value);
        const auto matcher = LabelMatcher::parse(text);
        QVERIFY2(matcher, matcher ? "" : qPrintable(matcher.error().message));
        QTEST(matcher->matches({{QStringLiteral("pool"), value}}), "fits");
    }

    void badMatchersAreNamed_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("no operator") << "pool"
                                     << "must have the form";
        QTest::newRow("half of one") << "pool!a"
                                     << "must have the form";
        QTest::newRow("open quotes") << "pool=\"a"
                                     << "must have the form";
        QTest::newRow("text after them") << "pool=\"a\"b"
                                         << "must have the form";
        QTest::newRow("a backslash at the end") << "pool=\"a\\"
                                                << "must have the form";
        QTest::newRow("no name") << "=a"
                                 << "\"\" is no label name";
        QTest::newRow("a name of other letters") << "p-l=a"
                                                 << "\"p-l\" is no label name";
        QTest::newRow("a broken pattern") << "pool=~\"(\""
                                          << "the pattern \"(\" for label pool";
        QTest::newRow("too long") << QStringLiteral("pool=") + QString(1025, u'a')
                                  << "longer than 1024";
    }
    void badMatchersAreNamed() {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const auto matcher = LabelMatcher::parse(text);
        QVERIFY(!matcher);
        QVERIFY2(matcher.error().message.contains(says), qPrintable(matcher.error().message));
    }

    void aSilenceIsReadAndWritten() {
        const auto silence = decodeSilence(
            posted("[{\"name\":\"pool\",\"value\":\"a\",\"isRegex\":true,\"isEqual\":false},"
                   "{\"name\":\"alertname\",\"value\":\"WorkerDead\"}]"),
            noon);
        QVERIFY2(silence, silence ? "" : qPrintable(silence.error().message));
        QVERIFY(silence->startsAt == noon); // not before now
        QVERIFY(silence->state(noon) == SilenceState::Active);
        QVERIFY(silence->state(noon - 1s) == SilenceState::Pending);
        QVERIFY(silence->state(silence->endsAt) == SilenceState::Expired);
        const QMap<QString, QString> dead{
            {QStringLiteral("alertname"), QStringLiteral("WorkerDead")},
            {QStringLiteral("pool"), QStringLiteral("b")}};
        QVERIFY(silence->covers(dead));
        auto other = dead;
        other[QStringLiteral("pool")] = QStringLiteral("a");
        QVERIFY(!silence->covers(other));
        const auto again = readSilence(encodeSilence(*silence, noon));
        QVERIFY(again);
        QCOMPARE(encodeSilence(*again, noon), encodeSilence(*silence, noon));
    }

    void badSilencesAreNamed_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("says");
        const QByteArray one = matcher("pool", "a");
        QTest::newRow("no JSON") << QByteArray("{") << "a silence";
        QTest::newRow("no object") << QByteArray("[]") << "must be a JSON object";
        QTest::newRow("no matchers") << posted("[]") << "field \"matchers\"";
        QTest::newRow("a matcher without a name") << posted("[{}]") << "\"\" is no label name";
        QTest::newRow("what fits everything")
            << posted(matcher("pool", "")) << "field \"matchers\"";
        QTest::newRow("a switch that is text")
            << posted("[{\"name\":\"pool\",\"value\":\"a.*\",\"isRegex\":\"true\"}]")
            << "field \"isRegex\"";
        QTest::newRow("a misspelt switch")
            << posted("[{\"name\":\"pool\",\"value\":\"a.*\",\"isregex\":true}]")
            << "\"isregex\" of a matcher is not known";
        QTest::newRow("a field that is none")
            << QByteArray(posted(one)).replace("comment", "coment")
            << "\"coment\" of a silence is not known";
        QTest::newRow("over already") << posted(one, "2027-01-15T07:30:00Z") << "field \"endsAt\"";
        QTest::newRow("no time") << posted(one, "soon") << "field \"endsAt\"";
        QTest::newRow("backwards") << posted(one, "2027-01-15T06:00:00Z") << "field \"endsAt\"";
        QTest::newRow("no comment")
            << posted(one, "2027-01-15T09:00:00Z", "\" \"") << "\"comment\"";
    }
    void badSilencesAreNamed() {
        QFETCH(QByteArray, body);
        QFETCH(QString, says);
        const auto silence = decodeSilence(body, noon);
        QVERIFY(!silence);
        QVERIFY(silence.error().kind == FailureKind::Invalid);
        QVERIFY2(silence.error().message.contains(says), qPrintable(silence.error().message));
    }

    void alertsAreInAlertmanagersShape() {
        ToldAlert told;
        told.alert.labels = {{QStringLiteral("alertname"), QStringLiteral("WorkerDead")}};
        told.alert.summary = QStringLiteral("It is dead.");
        told.alert.firedAt = noon;
        told.silencedBy = {QStringLiteral("s1")};
        told.endsAt = noon + 5min;
        const QJsonObject alert =
            QJsonDocument::fromJson(encodeAlerts({&told, 1})).array().at(0).toObject();
        QCOMPARE(alert.value(QLatin1String("startsAt")).toString(),
                 QStringLiteral("2027-01-15T08:00:00.000Z"));
        QCOMPARE(alert.value(QLatin1String("endsAt")).toString(),
                 QStringLiteral("2027-01-15T08:05:00.000Z"));
        QCOMPARE(alert.value(QLatin1String("fingerprint")).toString().size(), 16);
        const QJsonObject status = alert.value(QLatin1String("status")).toObject();
        QCOMPARE(status.value(QLatin1String("state")).toString(), QStringLiteral("suppressed"));
        QCOMPARE(status.value(QLatin1String("silencedBy")).toArray().at(0).toString(),
                 QStringLiteral("s1"));
        QCOMPARE(alert.value(QLatin1String("annotations"))
                     .toObject()
                     .value(QLatin1String("summary"))
                     .toString(),
                 QStringLiteral("It is dead."));
        told.alert.labels.insert(QStringLiteral("pool"), QStringLiteral("p"));
        const QJsonObject other =
            QJsonDocument::fromJson(encodeAlerts({&told, 1})).array().at(0).toObject();
        QVERIFY(other.value(QLatin1String("fingerprint")) !=
                alert.value(QLatin1String("fingerprint")));
    }
};

QTEST_GUILESS_MAIN(TestSilence)
#include "tst_silence.moc"
