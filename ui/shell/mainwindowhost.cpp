#include "ui/dialogs/recoverydialog.h"
#include "ui/dialogs/sourcesdialog.h"
#include "ui/shell/mainwindow.h"

#include <QDockWidget>

namespace vigie {

void MainWindow::submit(Command command) {
    m_context.submit(std::move(command));
}

void MainWindow::inspect(SourceId source, InstanceId instance) {
    submit(command::Inspect{std::move(source), std::move(instance)});
    if (!m_dock)
        return;
    m_dock->show();
    if (m_snapshot)
        m_docked->render(m_snapshot);
}

void MainWindow::closeInspector() {
    if (!m_dock || !m_dock->isVisible())
        return;
    m_dock->hide();
    submit(command::StopInspecting{});
}

void MainWindow::recover(Action action, std::vector<command::Act::Target> targets) {
    if (m_recovery || targets.empty())
        return;
    m_recovery = new RecoveryDialog(
        m_context.clock, action, std::move(targets),
        [this](Command command) { submit(std::move(command)); }, this);
    m_recovery->setAttribute(Qt::WA_DeleteOnClose);
    if (m_snapshot)
        m_recovery->render(m_snapshot);
    m_recovery->open();
}

void MainWindow::openSourcesDialog() {
    if (m_sources)
        return;
    m_sources = new SourcesDialog(
        m_context.book, [this](Command command) { submit(std::move(command)); }, this);
    m_sources->setAttribute(Qt::WA_DeleteOnClose);
    if (m_snapshot)
        m_sources->render(m_snapshot);
    m_sources->open();
}

} // namespace vigie
