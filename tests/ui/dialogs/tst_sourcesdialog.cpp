#include "tests/support/samplesnapshot.h"
#include "ui/dialogs/sourcedraft.h"
#include "ui/dialogs/sourcesdialog.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryFile>
#include <QtTest>

using namespace vigie;

namespace {

class Book final : public SourceBook {
public:
    std::vector<SourceConfig> kept;
    SecretFate fate = SecretFate::Keychain;
    std::vector<SourceConfig> sources() const override { return kept; }
    void save(const SourceConfig& source,
              std::function<void(SecretFate, const QString&)> done) override {
        kept.push_back(source);
        done(fate, QStringLiteral("no keychain here"));
    }
    void remove(const SourceId& id) override {
        std::erase_if(kept, [&](const SourceConfig& each) { return each.id == id; });
    }
};

QPushButton* buttonNamed(const QDialog& dialog, const char* text) {
    for (auto* button : dialog.findChildren<QPushButton*>())
        if (button->text() == QLatin1String(text))
            return button;
    return nullptr;
}

QLineEdit* lineNamed(const QDialog& dialog, const char* name) {
    for (auto* line : dialog.findChildren<QLineEdit*>())
        if (line->accessibleName() == QLatin1String(name))
            return line;
    return nullptr;
}

} // namespace

class TestSourcesDialog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void mistakesAreFoundAtTheirField_data() {
        using D = SourceDraft;
        QTest::addColumn<QString>("url");
        QTest::addColumn<int>("access");
        QTest::addColumn<QString>("secret");
        QTest::addColumn<int>("field"); // -1: none
        const auto row = [](const char* name, const char* url, D::Access access, const char* secret,
                            int field) {
            QTest::newRow(name) << QString::fromLatin1(url) << int(access)
                                << QString::fromLatin1(secret) << field;
        };
        const auto at = [](D::Field field) { return static_cast<int>(field); };
        row("good", "https://host:8003", D::Access::None, "", -1);
        row("host and port", "host:8003", D::Access::None, "", -1);
        row("with path", "https://host/vigie/", D::Access::Token, "abc", -1);
        row("none", "", D::Access::None, "", at(D::Field::Url));
        row("spaces", "   ", D::Access::None, "", at(D::Field::Url));
        row("scheme", "ftp://host", D::Access::None, "", at(D::Field::Url));
        row("no host", "http://", D::Access::None, "", at(D::Field::Url));
        row("port", "http://host:99999", D::Access::None, "", at(D::Field::Url));
        row("password in it", "http://me:pw@host", D::Access::None, "", at(D::Field::Url));
        row("watched already", "http://KNOWN:8003/", D::Access::None, "", at(D::Field::Url));
        row("no token", "https://host", D::Access::Token, " ", at(D::Field::Token));
        row("token with space", "https://host", D::Access::Token, "a b", at(D::Field::Token));
        row("no file", "https://host", D::Access::TokenFile, "/no/such", at(D::Field::TokenFile));
        row("no password", "https://host", D::Access::Password, "", at(D::Field::Password));
    }
    void mistakesAreFoundAtTheirField() {
        QFETCH(QString, url);
        QFETCH(int, access);
        QFETCH(QString, secret);
        QFETCH(int, field);
        SourceDraft draft;
        draft.url = url;
        draft.access = static_cast<SourceDraft::Access>(access);
        draft.token = draft.tokenFile = draft.password = secret;
        draft.email = QStringLiteral("a@b");
        SourceConfig known;
        known.url = QUrl(QStringLiteral("http://known:8003"));
        const auto mistakes = draft.mistakes({known});
        QCOMPARE(mistakes.empty() ? -1 : static_cast<int>(mistakes.front().field), field);
        if (!mistakes.empty())
            QVERIFY(!mistakes.front().message.isEmpty());
    }
    void draftsGoRoundWithoutLoss() {
        SourceConfig config;
        config.id = SourceId(QStringLiteral("x"));
        config.name = QStringLiteral("eu");
        config.kind = QStringLiteral("orchestrator");
        config.url = QUrl(QStringLiteral("https://host:8003"));
        config.email = QStringLiteral("a@b.c");
        config.secret = QStringLiteral("pw");
        config.interval = std::chrono::milliseconds(2500);
        const SourceConfig back = SourceDraft::of(config).config();
        QCOMPARE(back.id, config.id);
        QCOMPARE(back.name, config.name);
        QCOMPARE(back.url, config.url);
        QCOMPARE(back.email, config.email);
        QCOMPARE(back.secret, config.secret);
        QCOMPARE(back.interval.count(), config.interval.count());
    }
    void plainHttpIsWarnedAbout() {
        SourceDraft draft;
        draft.access = SourceDraft::Access::Token;
        draft.url = QStringLiteral("http://far.example");
        QVERIFY(!draft.warning().isEmpty());
        draft.url = QStringLiteral("http://127.0.0.1:8003");
        QVERIFY(draft.warning().isEmpty());
        draft.url = QStringLiteral("https://far.example");
        QVERIFY(draft.warning().isEmpty());
    }
    void addsAndSaysWhereTheSecretWent() {
        Book book;
        book.fate = SecretFate::ThisSessionOnly;
        std::vector<Command> sent;
        SourcesDialog dialog(book, [&](Command c) { sent.push_back(std::move(c)); });
        dialog.render(std::make_shared<const FleetSnapshot>());
        dialog.open();
        QTest::mouseClick(buttonNamed(dialog, "Add"), Qt::LeftButton);
        QVERIFY(sent.empty()); // no address yet
        auto* address = lineNamed(dialog, "Address");
        QVERIFY(address->property("invalid").toBool());
        QTest::keyClicks(address, QStringLiteral("127.0.0.1:8003"));
        QTest::mouseClick(buttonNamed(dialog, "Add"), Qt::LeftButton);
        QCOMPARE(sent.size(), size_t(1));
        const auto* add = std::get_if<command::AddSource>(&sent[0]);
        QVERIFY(add);
        QCOMPARE(add->source.url, QUrl(QStringLiteral("http://127.0.0.1:8003")));
        QCOMPARE(book.kept.size(), size_t(1));
        bool said = false;
        for (auto* label : dialog.findChildren<QLabel*>())
            said = said || label->text().contains(QLatin1String("no keychain here"));
        QVERIFY(said);
    }
    void testShowsItsSteps() {
        Book book;
        std::vector<Command> sent;
        SourcesDialog dialog(book, [&](Command c) { sent.push_back(std::move(c)); });
        dialog.open();
        QTest::keyClicks(lineNamed(dialog, "Address"), QStringLiteral("https://host"));
        QTest::mouseClick(buttonNamed(dialog, "Test"), Qt::LeftButton);
        QVERIFY(std::get_if<command::TestSource>(&sent.back()));
    }
    void theSecretIsNeverShown() {
        Book book;
        SourcesDialog dialog(book, [](Command) {});
        QCOMPARE(lineNamed(dialog, "Token")->echoMode(), QLineEdit::Password);
        QCOMPARE(lineNamed(dialog, "Password")->echoMode(), QLineEdit::Password);
    }
};

QTEST_MAIN(TestSourcesDialog)
#include "tst_sourcesdialog.moc"
