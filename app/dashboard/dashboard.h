#pragma once

#include "app/dashboard/demofleet.h"
#include "app/dashboard/savedsources.h"
#include "core/runtime/enginehandle.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/theme.h"

#include <QTranslator>

#include <optional>

namespace vigie {

/// The running dashboard: engine, window and, when asked for, the demo fleet, wired together.
class Dashboard {
public:
    struct Options {
        EngineOptions engine; ///< with the sources named on the command line
        bool demo = false;
        bool saved = false; ///< watch what the operator saved, too
        QString settingsFile;
        Theme::Mode theme = Theme::Mode::Light;
        QString language; ///< "en" or "fr"
        QSize size{1280, 800};
    };
    Dashboard(QApplication& application, Clock& clock, Options options);

    MainWindow& window() { return *m_window; }
    const SnapshotPtr& snapshot() const { return m_snapshot; }
    /// Why there is no demo fleet, once that is known.
    const QString& demoFailure() const { return m_demoFailure; }

private:
    void setLanguage(const QString& language);
    void startDemo();
    void show(SnapshotPtr snapshot);

    QApplication& m_application;
    Options m_options;
    QTranslator m_words, m_qtWords;
    SavedSources m_book;
    SnapshotPtr m_snapshot;
    QString m_demoFailure;
    std::optional<DemoFleet> m_demo;
    std::optional<EngineHandle> m_engine; ///< ends before the demo it polls
    std::optional<MainWindow> m_window;
};

} // namespace vigie
