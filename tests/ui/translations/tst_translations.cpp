#include "ui/models/words.h"
#include "ui/theme/theme.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTranslator>
#include <QXmlStreamReader>
#include <QtTest>

using namespace vigie;

namespace {

struct Message {
    QString context, source, comment;
    QStringList translations;
    bool unfinished = false;
};

QList<Message> messagesIn(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QXmlStreamReader xml(&file);
    QList<Message> messages;
    QString context;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        const auto name = xml.name();
        if (name == QLatin1String("name"))
            context = xml.readElementText();
        else if (name == QLatin1String("message"))
            messages.append({context, {}, {}, {}, false});
        else if (name == QLatin1String("source"))
            messages.last().source = xml.readElementText();
        else if (name == QLatin1String("comment"))
            messages.last().comment = xml.readElementText();
        else if (name == QLatin1String("translation")) {
            messages.last().unfinished = xml.attributes().hasAttribute(QLatin1String("type"));
            const QString text =
                xml.readElementText(QXmlStreamReader::IncludeChildElements).trimmed();
            messages.last().translations.append(text);
        }
    }
    return messages;
}

/// %1, %2, %n in order: a translation must use the same ones.
QStringList placeholders(const QString& text) {
    QStringList found;
    static const QRegularExpression form(QStringLiteral("%(\\d|n)"));
    for (auto it = form.globalMatch(text); it.hasNext();)
        found.append(it.next().captured());
    found.removeDuplicates();
    found.sort();
    return found;
}

const QString folder = QStringLiteral(VIGIE_SOURCE_DIR "/resources/translations/");

} // namespace

class TestTranslations : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingIsUnfinished_data() {
        QTest::addColumn<QString>("file");
        QTest::newRow("French") << QStringLiteral("vigie_fr.ts");
        QTest::newRow("English plurals") << QStringLiteral("vigie_en.ts");
    }
    void nothingIsUnfinished() {
        QFETCH(QString, file);
        const auto messages = messagesIn(folder + file);
        QVERIFY(!messages.isEmpty());
        for (const Message& message : messages) {
            QVERIFY2(!message.unfinished,
                     qPrintable(message.context + QStringLiteral(": ") + message.source));
            QVERIFY2(!message.translations.value(0).isEmpty() || message.source.trimmed().isEmpty(),
                     qPrintable(message.source));
        }
    }
    void placeholdersAreKept() {
        for (const Message& message : messagesIn(folder + QStringLiteral("vigie_fr.ts")))
            QVERIFY2(placeholders(message.source) == placeholders(message.translations.value(0)) ||
                         !message.source.contains(QLatin1Char('%')),
                     qPrintable(message.source));
    }
    /// Runs lupdate on the sources: a string that the French file does not know fails here.
    void everyStringOfTheSourcesIsThere() {
        if (!QFile::exists(QStringLiteral(VIGIE_LUPDATE)))
            QFAIL("lupdate is missing: see packaging/deps.sh");
        QTemporaryDir scratch;
        const QString fresh = scratch.filePath(QStringLiteral("fresh.ts"));
        const QString root = QStringLiteral(VIGIE_SOURCE_DIR);
        QProcess lupdate;
        lupdate.start(QStringLiteral(VIGIE_LUPDATE),
                      {QStringLiteral("-silent"), QStringLiteral("-locations"),
                       QStringLiteral("none"), QStringLiteral("-source-language"),
                       QStringLiteral("en"), QStringLiteral("-target-language"),
                       QStringLiteral("fr_FR"), root + QStringLiteral("/ui"),
                       root + QStringLiteral("/app/dashboard"), QStringLiteral("-I"), root,
                       QStringLiteral("-ts"), fresh});
        QVERIFY(lupdate.waitForFinished(60'000));
        QCOMPARE(lupdate.exitCode(), 0);
        QSet<QString> known;
        const auto name = [](const Message& message) {
            return message.context + QLatin1Char('\n') + message.source + QLatin1Char('\n') +
                   message.comment;
        };
        for (const Message& message : messagesIn(folder + QStringLiteral("vigie_fr.ts")))
            known.insert(name(message));
        const auto wanted = messagesIn(fresh);
        QVERIFY(wanted.size() > 300);
        for (const Message& message : wanted)
            QVERIFY2(known.contains(name(message)),
                     qPrintable(message.context + QStringLiteral(": ") + message.source));
    }
    void frenchIsSpoken() {
        const Theme theme(Theme::Mode::Light);
        QVERIFY(!theme.icon(QStringLiteral("fleet")).isNull()); // embeds the resources
        QTranslator french;
        QVERIFY(french.load(QStringLiteral(":/vigie/translations/vigie_fr.qm")));
        QCoreApplication::installTranslator(&french);
        QCOMPARE(word(Verdict::Dead), QStringLiteral("morte"));
        QCOMPARE(durationText(std::chrono::hours(76)), QStringLiteral("3 j 04 h"));
        QCoreApplication::removeTranslator(&french);
        QCOMPARE(word(Verdict::Dead), QStringLiteral("dead"));
    }
};

QTEST_MAIN(TestTranslations)
#include "tst_translations.moc"
