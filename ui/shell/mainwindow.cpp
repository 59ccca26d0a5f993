#include "ui/shell/mainwindow.h"

#include "ui/dialogs/recoverydialog.h"
#include "ui/dialogs/sourcesdialog.h"
#include "ui/shell/filterline.h"
#include "ui/shell/firststart.h"
#include "ui/shell/sidelist.h"
#include "ui/shell/statusstrip.h"
#include "ui/theme/theme.h"

#include <QDockWidget>
#include <QHBoxLayout>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace vigie {

MainWindow::MainWindow(WindowContext context)
    : m_context(std::move(context)), m_snapshotAt(m_context.clock.now()),
      m_listening(m_context.clock, std::chrono::seconds(1), [this] { listen(); }) {
    setWindowTitle(QStringLiteral("Vigie"));
    setWindowIcon(QIcon(QStringLiteral(":/vigie/icons/vigie.svg")));
    resize(1280, 800);
    addKeys();
    build();
}

MainWindow::~MainWindow() = default;

void MainWindow::build() {
    auto all = panels::registry();
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.order < b.order; });
    auto* centre = new QWidget;
    m_strip = new StatusStrip(centre);
    m_stack = new QStackedWidget(centre);
    m_filter = new FilterLine(centre);
    m_firstStart = new FirstStart(m_stack);
    m_stack->addWidget(m_firstStart);
    m_places.clear();
    std::vector<PanelDescriptor> listed;
    for (const PanelDescriptor& descriptor : all) {
        if (descriptor.place == PanelDescriptor::Place::Dock) {
            m_dock = new QDockWidget(descriptor.title(), this);
            m_dock->setObjectName(descriptor.id);
            m_dock->setTitleBarWidget(new QWidget(m_dock));
            m_dock->setFeatures(QDockWidget::DockWidgetClosable);
            m_docked = descriptor.create(*this, m_dock);
            m_dock->setWidget(m_docked);
            m_dock->setMinimumWidth(Theme::size(Size::Inspector));
            addDockWidget(Qt::RightDockWidgetArea, m_dock);
            m_dock->hide();
            continue;
        }
        listed.push_back(descriptor);
        m_places.push_back({descriptor, descriptor.create(*this, m_stack), {}});
        m_stack->addWidget(m_places.back().panel);
        connect(m_places.back().panel, &Panel::filterCount, m_filter, &FilterLine::showCount);
    }
    m_side = new SideList(listed, centre);
    auto* work = new QVBoxLayout;
    work->setSpacing(0);
    work->addWidget(m_filter);
    work->addWidget(m_stack, 1);
    auto* below = new QHBoxLayout;
    below->setSpacing(0);
    below->addWidget(m_side);
    below->addLayout(work, 1);
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(1);
    column->addWidget(m_strip);
    column->addLayout(below, 1);
    setCentralWidget(centre);

    connect(m_strip, &StatusStrip::clicked, this, &MainWindow::showPanel);
    connect(m_side, &SideList::chosen, this, [this](const QString& id) {
        for (const Place& place : m_places)
            if (place.descriptor.id == id)
                showPanel(id, place.filter);
    });
    connect(m_filter, &FilterLine::changed, this, &MainWindow::applyFilter);
    connect(m_filter, &FilterLine::left, this, [this] { m_stack->currentWidget()->setFocus(); });
    connect(m_firstStart, &FirstStart::demoWanted, this, [this] { m_context.startDemo(); });
    connect(m_firstStart, &FirstStart::sourcesWanted, this, &MainWindow::openSourcesDialog);
    showPanel(m_currentId.isEmpty() ? m_places.front().descriptor.id : m_currentId, {});
}

void MainWindow::rebuild() {
    const QString filter = m_filter->text();
    const bool inspecting = m_dock && m_dock->isVisible();
    if (m_dock) {
        removeDockWidget(m_dock);
        m_dock->deleteLater();
    }
    m_dock = nullptr;
    m_docked = nullptr;
    build();
    m_filter->setText(filter);
    if (m_dock && inspecting)
        m_dock->show();
    if (m_snapshot)
        show(m_snapshot);
}

Panel* MainWindow::current() const {
    for (const Place& place : m_places)
        if (place.descriptor.id == m_currentId)
            return place.panel;
    return nullptr;
}

void MainWindow::show(const SnapshotPtr& snapshot) {
    m_snapshot = snapshot;
    m_snapshotAt = m_context.clock.now();
    m_strip->show(statusFacts(*snapshot, Duration::zero()));
    m_side->showCounters(*snapshot);
    const bool nothing = snapshot->sources.empty();
    m_strip->setVisible(!nothing);
    m_side->setVisible(!nothing);
    if (nothing) {
        m_filter->hide();
        if (m_dock)
            m_dock->hide();
        m_stack->setCurrentWidget(m_firstStart);
        if (m_sources)
            m_sources->render(snapshot);
        return;
    }
    if (m_stack->currentWidget() == m_firstStart)
        showPanel(m_currentId, {});
    current()->render(snapshot);
    if (m_docked && m_dock->isVisible())
        m_docked->render(snapshot);
    if (m_recovery)
        m_recovery->render(snapshot);
    if (m_sources)
        m_sources->render(snapshot);
}

void MainWindow::listen() {
    const Duration silence = m_context.clock.now() - m_snapshotAt;
    if (m_snapshot && silence >= std::chrono::seconds(5))
        m_strip->show(statusFacts(*m_snapshot, silence));
}

void MainWindow::showPanel(const QString& panelId, const QString& filter) {
    for (const Place& place : m_places) {
        if (place.descriptor.id != panelId)
            continue;
        m_currentId = panelId;
        m_side->setCurrent(panelId);
        m_stack->setCurrentWidget(place.panel);
        m_filter->showCount({});
        m_filter->setHint(place.panel->filterHint());
        m_filter->setText(filter);
        applyFilter(filter);
        if (m_snapshot && !m_snapshot->sources.empty())
            place.panel->render(m_snapshot);
        place.panel->setFocus();
    }
}

void MainWindow::applyFilter(const QString& text) {
    for (Place& place : m_places)
        if (place.descriptor.id == m_currentId) {
            place.filter = text;
            m_filter->showError(place.panel->setFilter(text));
        }
}

} // namespace vigie
