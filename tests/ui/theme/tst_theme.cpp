#include "ui/theme/tabular.h"
#include "ui/theme/theme.h"
#include "ui/theme/tokencodec.h"

#include <QDir>
#include <QPainter>
#include <QtTest>

#include <cmath>

using namespace vigie;

namespace {

/// WCAG 2.1 relative luminance and contrast ratio.
double luminance(const QColor& color) {
    const auto linear = [](double c) {
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
           0.0722 * linear(color.blueF());
}
double contrast(const QColor& a, const QColor& b) {
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

QImage shapeImage(const Theme& theme, const std::function<void(QPainter&, QRectF)>& paint) {
    QImage image(16, 16, QImage::Format_ARGB32_Premultiplied);
    image.fill(theme.color(Token::Surface));
    QPainter painter(&image);
    paint(painter, QRectF(0, 0, 16, 16));
    return image;
}

/// The shape alone: what differs from the ground, whatever its colour.
QImage silhouette(const QImage& image) {
    QImage mono(image.size(), QImage::Format_Mono);
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            mono.setPixel(x, y, image.pixelColor(x, y) == image.pixelColor(0, 0) ? 0 : 1);
    return mono;
}

} // namespace

class TestTheme : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void contrastHolds_data() {
        QTest::addColumn<int>("mode");
        QTest::addColumn<int>("over");
        QTest::addColumn<int>("under");
        const QList<std::pair<Token, const char*>> inks{
            {Token::Text, "text"},       {Token::SecondaryText, "secondary"},
            {Token::Accent, "accent"},   {Token::Alive, "alive"},
            {Token::Suspect, "suspect"}, {Token::Dead, "dead"},
            {Token::Unknown, "unknown"}, {Token::Forced, "forced"}};
        const QList<std::pair<Token, const char*>> grounds{
            {Token::Ground, "ground"}, {Token::Surface, "surface"}, {Token::Raised, "raised"}};
        for (const auto mode : {Theme::Mode::Light, Theme::Mode::Dark})
            for (const auto& ink : inks)
                for (const auto& ground : grounds)
                    QTest::addRow("%s %s on %s", mode == Theme::Mode::Dark ? "dark" : "light",
                                  ink.second, ground.second)
                        << static_cast<int>(mode) << static_cast<int>(ink.first)
                        << static_cast<int>(ground.first);
    }
    void contrastHolds() {
        QFETCH(int, mode);
        QFETCH(int, over);
        QFETCH(int, under);
        const Theme theme(static_cast<Theme::Mode>(mode));
        const double ratio =
            contrast(theme.color(static_cast<Token>(over)), theme.color(static_cast<Token>(under)));
        QVERIFY2(ratio >= 4.5, qPrintable(QString::number(ratio)));
    }
    void textOnSelectionAndButtonsHolds() {
        for (const auto mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
            const Theme theme(mode);
            const QColor selection = theme.palette().color(QPalette::Highlight);
            QVERIFY(contrast(theme.color(Token::Text), selection) >= 4.5);
            // A filled button or chip writes in the surface colour.
            for (const Token fill : {Token::Accent, Token::Alive, Token::Suspect, Token::Dead,
                                     Token::Unknown, Token::Forced})
                QVERIFY(contrast(theme.color(Token::Surface), theme.color(fill)) >= 4.5);
        }
    }
    void styleSheetNamesNoUnknownToken() {
        for (const auto mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
            const QString sheet = Theme(mode).styleSheet();
            QVERIFY(sheet.contains(QLatin1String("QTableView")));
            QVERIFY2(!sheet.contains(QLatin1Char('@')), qPrintable(sheet));
            QVERIFY(!sheet.contains(QLatin1Char('$')));
            QVERIFY(!sheet.contains(QLatin1String("font{")));
        }
    }
    /// Shape alone tells states apart: no two of one kind share a silhouette.
    void shapesDifferWithoutColour() {
        const Theme theme(Theme::Mode::Dark);
        const auto distinct = [&](const QList<QImage>& images) {
            for (qsizetype a = 0; a < images.size(); ++a)
                for (qsizetype b = a + 1; b < images.size(); ++b)
                    if (silhouette(images[a]) == silhouette(images[b]))
                        return false;
            return true;
        };
        const auto images = [&](auto... states) {
            return QList<QImage>{shapeImage(theme, [&, states](QPainter& p, QRectF box) {
                paintShape(p, box, states, theme);
            })...};
        };
        QVERIFY(distinct(images(Verdict::Alive, Verdict::Suspect, Verdict::Dead, Verdict::Unknown,
                                Verdict::Gone)));
        QVERIFY(distinct(images(BreakerMode::Closed, BreakerMode::HalfOpen, BreakerMode::Open,
                                BreakerMode::ForcedOpen, BreakerMode::ForcedClosed,
                                BreakerMode::Disabled, BreakerMode::MetricsOnly)));
        QVERIFY(distinct(images(Freshness::Waiting, Freshness::Live, Freshness::Late,
                                Freshness::Stale, Freshness::Unreachable)));
        QVERIFY(distinct(images(Severity::Critical, Severity::Warning, Severity::Info)));
    }
    void everyIconIsThere() {
        const Theme theme(Theme::Mode::Light);
        const QDir icons(QStringLiteral(VIGIE_SOURCE_DIR "/resources/icons"));
        const auto files = icons.entryList({QStringLiteral("*.svg")});
        QVERIFY(files.size() > 20);
        for (const QString& file : files)
            QVERIFY2(!theme.icon(file.chopped(4)).isNull(), qPrintable(file));
        QVERIFY(theme.icon(QStringLiteral("no-such-icon")).isNull());
    }
    void figuresAreTabular() {
        const QFont font = Theme(Theme::Mode::Light).font(TextStyle::Base);
        const qreal ones = tabularWidth(font, QStringLiteral("111.1"));
        const qreal eights = tabularWidth(font, QStringLiteral("888.8"));
        QVERIFY(ones > 0);
        QCOMPARE(ones, eights);
    }
    void tokensAreValidated_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("names");
        QTest::newRow("not JSON") << QByteArray("{") << QStringLiteral("not a JSON object");
        QTest::newRow("no light") << QByteArray("{\"colors\":{\"text\":{\"dark\":\"#000000\"}}}")
                                  << QStringLiteral("colors.text");
        QTest::newRow("named colour")
            << QByteArray("{\"colors\":{\"text\":{\"dark\":\"red\",\"light\":\"#000000\"}}}")
            << QStringLiteral("colors.text");
        QTest::newRow("size") << QByteArray("{\"colors\":{},\"sizes\":{\"row\":0}}")
                              << QStringLiteral("sizes.row");
    }
    void tokensAreValidated() {
        QFETCH(QByteArray, json);
        QFETCH(QString, names);
        const auto tokens = parseTokens(json);
        QVERIFY(!tokens);
        QVERIFY2(tokens.error().message.contains(names), qPrintable(tokens.error().message));
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
