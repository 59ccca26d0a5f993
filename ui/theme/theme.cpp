#include "ui/theme/theme.h"

#include "core/base/log.h"
#include "ui/theme/tokencodec.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QMetaEnum>
#include <QPainter>
#include <QPixmap>
#include <QStyleFactory>
#include <QSvgRenderer>

#include <array>

static void loadThemeResources() {
    Q_INIT_RESOURCE(theme);
    Q_INIT_RESOURCE(resources);
    Q_INIT_RESOURCE(translations);
}

namespace vigie {

namespace {

QByteArray resource(const QString& path) {
    loadThemeResources();
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

const Tokens& tokens() {
    static const Tokens loaded = [] {
        auto parsed = parseTokens(resource(QStringLiteral(":/vigie/theme/tokens.json")));
        if (!parsed)
            logError(QStringLiteral("ui"),
                     QStringLiteral("tokens.json: %1").arg(parsed.error().message));
        return parsed.value_or(Tokens{});
    }();
    return loaded;
}

constexpr std::array tokenNames{
    u"ground",       u"surface", u"raised", u"line",    u"strongLine", u"text",    u"secondaryText",
    u"disabledText", u"accent",  u"alive",  u"suspect", u"dead",       u"unknown", u"forced"};
constexpr std::array fontNames{u"base", u"secondary", u"panelTitle", u"bigNumber", u"monospace"};
constexpr std::array sizeNames{u"grid", u"row",   u"compactRow", u"cardPadding", u"radius",
                               u"icon", u"shape", u"sideList",   u"inspector",   u"statusStrip"};

QString family() {
    static const QString name =
        QFontDatabase::families().contains(QStringLiteral("Inter"))
            ? QStringLiteral("Inter")
            : QFontDatabase::systemFont(QFontDatabase::GeneralFont).family();
    return name;
}

Theme& applied() {
    static Theme theme(Theme::Mode::Light);
    return theme;
}

} // namespace

Theme::Theme(Mode mode) : m_mode(mode) {}

QColor Theme::color(Token token) const {
    const auto themed =
        tokens().colors.value(QString::fromUtf16(tokenNames.at(static_cast<size_t>(token))));
    return QColor(m_mode == Mode::Dark ? themed.dark : themed.light);
}

QFont Theme::font(TextStyle style) const {
    QFont font = style == TextStyle::Monospace ? QFontDatabase::systemFont(QFontDatabase::FixedFont)
                                               : QFont(family());
    font.setPixelSize(
        tokens().fonts.value(QString::fromUtf16(fontNames.at(static_cast<size_t>(style))), 13));
    font.setWeight(style == TextStyle::PanelTitle  ? QFont::DemiBold
                   : style == TextStyle::BigNumber ? QFont::Medium
                                                   : QFont::Normal);
    return font;
}

int Theme::size(Size size) {
    return tokens().sizes.value(QString::fromUtf16(sizeNames.at(static_cast<size_t>(size))), 4);
}

QColor Theme::blend(Token over, Token under, double share) const {
    const QColor a = color(over), b = color(under);
    const auto mix = [share](int x, int y) { return qRound(x * share + y * (1 - share)); };
    return QColor(mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue()));
}

QPalette Theme::palette() const {
    QPalette p;
    p.setColor(QPalette::Window, color(Token::Ground));
    p.setColor(QPalette::WindowText, color(Token::Text));
    p.setColor(QPalette::Base, color(Token::Surface));
    p.setColor(QPalette::AlternateBase, color(Token::Ground));
    p.setColor(QPalette::Text, color(Token::Text));
    p.setColor(QPalette::PlaceholderText, color(Token::SecondaryText));
    p.setColor(QPalette::Button, color(Token::Raised));
    p.setColor(QPalette::ButtonText, color(Token::Text));
    p.setColor(QPalette::BrightText, color(Token::Dead));
    p.setColor(QPalette::ToolTipBase, color(Token::Raised));
    p.setColor(QPalette::ToolTipText, color(Token::Text));
    p.setColor(QPalette::Highlight, blend(Token::Accent, Token::Surface, 0.24));
    p.setColor(QPalette::HighlightedText, color(Token::Text));
    p.setColor(QPalette::Link, color(Token::Accent));
    p.setColor(QPalette::LinkVisited, color(Token::Accent));
    p.setColor(QPalette::Light, color(Token::Raised));
    p.setColor(QPalette::Midlight, color(Token::Line));
    p.setColor(QPalette::Mid, color(Token::Line));
    p.setColor(QPalette::Dark, color(Token::StrongLine));
    p.setColor(QPalette::Shadow, color(Token::StrongLine));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, color(Token::DisabledText));
    return p;
}

QString Theme::styleSheet() const {
    QString sheet = QString::fromUtf8(resource(QStringLiteral(":/vigie/theme/style.qss")));
    // Longest names first, so that @text does not eat the start of @textSomething.
    QStringList names = tokens().colors.keys();
    std::sort(names.begin(), names.end(),
              [](const QString& a, const QString& b) { return a.size() > b.size(); });
    for (const QString& name : std::as_const(names)) {
        const auto themed = tokens().colors.value(name);
        sheet.replace(QLatin1Char('@') + name, m_mode == Mode::Dark ? themed.dark : themed.light);
    }
    sheet.replace(QLatin1String("$selection"), blend(Token::Accent, Token::Surface, 0.24).name());
    sheet.replace(QLatin1String("$hover"), blend(Token::Accent, Token::Surface, 0.08).name());
    for (auto it = tokens().sizes.begin(); it != tokens().sizes.end(); ++it)
        sheet.replace(QLatin1String("#{") + it.key() + QLatin1Char('}'),
                      QString::number(it.value()));
    for (auto it = tokens().fonts.begin(); it != tokens().fonts.end(); ++it)
        sheet.replace(QLatin1String("font{") + it.key() + QLatin1Char('}'),
                      QString::number(it.value()) + QLatin1String("px"));
    return sheet;
}

QIcon Theme::icon(const QString& name, Token tint) const {
    QByteArray svg = resource(QStringLiteral(":/vigie/icons/%1.svg").arg(name));
    if (svg.isEmpty())
        return {};
    svg.replace("currentColor", color(tint).name().toLatin1());
    QSvgRenderer renderer(svg);
    QIcon icon;
    for (const int pixels : {size(Size::Icon), 2 * size(Size::Icon), 4 * size(Size::Icon)}) {
        QPixmap pixmap(pixels, pixels);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        renderer.render(&painter);
        icon.addPixmap(pixmap);
    }
    return icon;
}

void Theme::apply(QApplication& application) const {
    applied() = *this;
    application.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    application.setPalette(palette());
    application.setFont(font(TextStyle::Base));
    application.setStyleSheet(styleSheet());
}

const Theme& Theme::current() {
    return applied();
}

} // namespace vigie
