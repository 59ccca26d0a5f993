// Holds docs/resilience.md to the examples that are compiled and run.

#include <QDir>
#include <QFile>
#include <QTest>

namespace {

QByteArray contents(const QString& path) {
    QFile file(QStringLiteral(VIGIE_SOURCE_DIR) + u'/' + path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestResiliencePage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyExampleStandsThereWordForWord() {
        const QByteArray page = contents(QStringLiteral("docs/resilience.md"));
        const QDir folder(QStringLiteral(VIGIE_SOURCE_DIR "/tests/core/resilience/examples"));
        const QStringList examples = folder.entryList({QStringLiteral("*.cpp")});
        QVERIFY(examples.size() >= 12);
        for (const QString& example : examples) {
            const QByteArray code =
                contents(QStringLiteral("tests/core/resilience/examples/") + example);
            QVERIFY(!code.isEmpty());
            const QByteArray block =
                "<!-- examples/" + example.toUtf8() + " -->\n```cpp\n" + code + "```\n";
            QVERIFY2(page.count(block) == 1, qPrintable(example));
        }
        // And no code that is not one of them.
        QCOMPARE(page.count("```cpp\n"), examples.size());
    }
};

QTEST_GUILESS_MAIN(TestResiliencePage)
#include "tst_resiliencepage.moc"
