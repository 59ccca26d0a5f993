#include "app/dashboard/dashboard.h"

#include "core/base/log.h"

#include <QApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QMessageBox>

namespace vigie {

Dashboard::Dashboard(QApplication& application, Clock& clock, Options options)
    : m_application(application), m_options(std::move(options)), m_book(m_options.settingsFile) {
    Theme(m_options.theme).apply(m_application); // also embeds what setLanguage() loads
    setLanguage(m_options.language);
    m_window.emplace(WindowContext{
        clock, m_book, [this](Command command) { m_engine->submit(std::move(command)); },
        [this] { startDemo(); },
        [this] {
            m_options.theme =
                m_options.theme == Theme::Mode::Dark ? Theme::Mode::Light : Theme::Mode::Dark;
            Theme(m_options.theme).apply(m_application);
            m_window->rebuild();
        },
        [this](const QString& language) {
            setLanguage(language);
            m_window->rebuild();
        }});
    m_window->resize(m_options.size);
    m_engine.emplace(m_options.engine, [this](SnapshotPtr snapshot) { show(std::move(snapshot)); });
    if (m_options.saved)
        m_book.load(
            [this](const SourceConfig& source) { m_engine->submit(command::AddSource{source}); });
    if (m_options.demo)
        startDemo();
}

void Dashboard::show(SnapshotPtr snapshot) {
    // Between the demo's start and its first answer there is nothing to choose.
    m_snapshot = std::move(snapshot);
    m_window->show(m_snapshot);
}

void Dashboard::setLanguage(const QString& language) {
    m_application.removeTranslator(&m_words);
    m_application.removeTranslator(&m_qtWords);
    QLocale::setDefault(QLocale(language));
    if (m_words.load(QStringLiteral(":/vigie/translations/vigie_%1.qm").arg(language)))
        m_application.installTranslator(&m_words);
    if (m_qtWords.load(QStringLiteral("qtbase_") + language,
                       QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        m_application.installTranslator(&m_qtWords);
}

void Dashboard::startDemo() {
    if (m_demo)
        return;
    m_demo.emplace([this](Outcome<std::vector<SourceConfig>> sources) {
        if (!sources) {
            m_demoFailure = sources.error().message;
            logError(QStringLiteral("demo"), m_demoFailure);
            auto* box = new QMessageBox(
                QMessageBox::Critical, QStringLiteral("Vigie"),
                MainWindow::tr("The demo fleet could not start: %1").arg(m_demoFailure),
                QMessageBox::Ok, &*m_window);
            box->setAttribute(Qt::WA_DeleteOnClose);
            box->open();
            return;
        }
        for (const SourceConfig& source : *sources)
            m_engine->submit(command::AddSource{source});
    });
}

} // namespace vigie
