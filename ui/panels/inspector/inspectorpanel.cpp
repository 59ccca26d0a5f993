#include "ui/panels/inspector/inspectorpanel.h"

#include "ui/models/logmetacodec.h"
#include "ui/models/words.h"
#include "ui/panels/inspector/beatsview.h"
#include "ui/panels/inspector/factgrid.h"
#include "ui/panels/inspector/timelinestrip.h"
#include "ui/theme/theme.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/shapelabel.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedLayout>
#include <QToolButton>

namespace vigie::panels::inspector {

namespace {

bool isStale(const InstanceView& view) {
    return view.freshness != Freshness::Live && view.freshness != Freshness::Late;
}

QLabel* wrapping(QWidget* parent, const char* name) {
    auto* label = new QLabel(parent);
    label->setObjectName(QLatin1String(name));
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

Verdict shapeOf(ActionLogStatus status) {
    return status == ActionLogStatus::Success  ? Verdict::Alive
           : status == ActionLogStatus::Failed ? Verdict::Dead
                                               : Verdict::Suspect;
}

} // namespace

InspectorPanel::InspectorPanel(PanelHost& host, QWidget* parent)
    : Panel(parent), m_host(host), m_stack(new QStackedLayout(this)),
      m_empty(new EmptyState(this)) {
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(16, 12, 16, 16);
    column->setSpacing(6);
    buildHead(*column);
    buildVerdict(*column);
    buildActions(*column);
    buildBody(*column);
    column->addStretch();
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(body);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setAccessibleName(tr("Inspector"));
    m_stack->addWidget(scroll);
    m_stack->addWidget(m_empty);
    m_empty->show(tr("Choose an instance and press Enter."), {}, {});
    m_stack->setCurrentWidget(m_empty);
}

void InspectorPanel::buildHead(QVBoxLayout& column) {
    const Theme& theme = Theme::current();
    m_verdict = new ShapeLabel(this);
    m_verdict->setStyle(TextStyle::PanelTitle);
    m_state = new ShapeLabel(this);
    m_id = new QLabel(this);
    m_id->setFont(theme.font(TextStyle::Monospace));
    m_id->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_id->setAccessibleName(tr("Instance id"));
    const auto button = [&](const char* icon, const QString& text) {
        auto* tool = new QToolButton(this);
        tool->setObjectName(QStringLiteral("flat"));
        tool->setIcon(theme.icon(QLatin1String(icon), Token::SecondaryText));
        tool->setToolTip(text);
        tool->setAccessibleName(text);
        return tool;
    };
    auto* copy = button("copy", tr("Copy the id"));
    connect(copy, &QToolButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_instance.value()); });
    auto* close = button("close", tr("Close the inspector (Esc)"));
    connect(close, &QToolButton::clicked, this, [this] {
        if (parentWidget())
            parentWidget()->hide();
        m_host.submit(command::StopInspecting{});
    });
    auto* first = new QHBoxLayout;
    first->addWidget(m_verdict);
    first->addWidget(m_state);
    first->addStretch();
    first->addWidget(close);
    auto* second = new QHBoxLayout;
    second->addWidget(m_id);
    second->addWidget(copy);
    second->addStretch();
    column.addLayout(first);
    column.addLayout(second);
}

void InspectorPanel::section(QVBoxLayout& column, const QString& title, QWidget* content) {
    auto* label = new QLabel(title, this);
    label->setObjectName(QStringLiteral("section"));
    label->setContentsMargins(0, 8, 0, 0);
    column.addWidget(label);
    column.addWidget(content);
}

void InspectorPanel::buildVerdict(QVBoxLayout& column) {
    m_rule = wrapping(this, "rule-text");
    m_blocked = wrapping(this, "warning");
    section(column, tr("Why this verdict"), m_rule);
    column.addWidget(m_blocked);
}

void InspectorPanel::buildBody(QVBoxLayout& column) {
    m_witnesses = new FactGrid(this);
    m_timeline = new TimelineStrip(this);
    m_beats = new BeatsView(this);
    m_beatsText = wrapping(this, "secondary");
    m_figures = new FactGrid(this);
    m_volumes = new FactGrid(this);
    m_log = new FactGrid(this);
    m_notices = wrapping(this, "secondary");
    section(column, tr("Who says what"), m_witnesses);
    section(column, tr("States"), m_timeline);
    section(column, tr("Last 60 beats"), m_beats);
    column.addWidget(m_beatsText);
    section(column, tr("Figures"), m_figures);
    section(column, tr("Volumes"), m_volumes);
    m_deleteVolume = new QPushButton(tr("%1…").arg(word(Action::DeleteVolume)), this);
    m_deleteVolume->setAutoDefault(false);
    m_volumeChoice = new QMenu(m_deleteVolume);
    m_deleteVolume->setMenu(m_volumeChoice);
    column.addWidget(m_deleteVolume, 0, Qt::AlignLeft);
    section(column, tr("What was done"), m_log);
    column.addWidget(m_notices);
}

void InspectorPanel::buildActions(QVBoxLayout& column) {
    auto* buttons = new QWidget(this);
    // Two and two: four in a line are wider than the panel, in French by a word.
    auto* grid = new QGridLayout(buttons);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setColumnStretch(2, 1);
    for (const Action action : {Action::Reinstall, Action::Terminate, Action::Archive}) {
        auto* button = new QPushButton(tr("%1…").arg(word(action)), this);
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, [this, action] {
            m_host.recover(action, {{m_source, m_instance}});
        });
        grid->addWidget(button, static_cast<int>(m_actions.size()) / 2,
                        static_cast<int>(m_actions.size()) % 2);
        m_actions.append({action, button});
    }
    auto* others = new QPushButton(tr("Other actions…"), this);
    others->setAutoDefault(false);
    connect(others, &QPushButton::clicked, this, [this] {
        m_host.recover(Action::RestartWorker, {{m_source, m_instance}});
    });
    grid->addWidget(others, 1, 1);
    m_whyNot = wrapping(this, "secondary");
    section(column, tr("What may be done"), buttons);
    column.addWidget(m_whyNot);
}

void InspectorPanel::render(const SnapshotPtr& snapshot) {
    const Inspection* look = snapshot->inspection.get();
    if (!look) {
        m_empty->show(tr("Choose an instance and press Enter."), {}, {});
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    m_source = look->source;
    m_instance = look->instance;
    const InstanceView* view = snapshot->find(look->source, look->instance);
    if (!view) {
        m_empty->show(tr("%1 is not in the fleet any more.").arg(shortId(look->instance.value())),
                      {}, {});
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    const SourceStatus* source = snapshot->source(view->source);
    showVerdict(*view);
    showLooks(*view, look, snapshot->takenAt);
    showActions(*view, source);
    showVolumeChoice(*view, source, look->volumes);
    QStringList told = source ? notices(*source, look) : QStringList();
    if (look->loading)
        told.prepend(tr("Looking closer…"));
    m_notices->setText(told.join(QLatin1Char('\n')));
    m_notices->setVisible(!told.isEmpty());
    m_stack->setCurrentIndex(0);
}

void InspectorPanel::showVerdict(const InstanceView& view) {
    m_verdict->set(word(view.assessment.verdict), view.assessment.verdict);
    const QString state = view.instance.status == InstanceStatus::Unknown
                              ? view.instance.statusText
                              : word(view.instance.status);
    m_state->set(state, {}, Token::SecondaryText);
    m_id->setText(view.instance.id.value());
    QString rule = ruleText(view.assessment.rule);
    if (view.advisory)
        rule += QLatin1Char(' ') + tr("(advice of this dashboard)");
    m_rule->setText(rule);
    m_blocked->setText(view.assessment.blockedBy.isEmpty()
                           ? QString()
                           : tr("Held back by %1").arg(view.assessment.blockedBy));
    m_blocked->setVisible(!m_blocked->text().isEmpty());
    m_beats->set(view.beats, isStale(view));
    m_beatsText->setText(heartbeatStripText(view.beats));
}

void InspectorPanel::showLooks(const InstanceView& view, const Inspection* look, WallTime now) {
    std::vector<FactGrid::Line> lines;
    for (const Witness& witness : witnesses(view, now))
        lines.push_back({witness.who, witness.says, witness.when,
                         witness.disagrees ? Shape(Severity::Warning) : Shape(),
                         witness.disagrees ? Token::Suspect : Token::Text,
                         witness.disagrees ? tr("%1 (the others say otherwise)").arg(witness.says)
                                           : QString()});
    if (lines.empty())
        lines.push_back({QString(), tr("no evidence was told"), {}, {}, Token::SecondaryText, {}});
    m_witnesses->set(lines);
    m_timeline->set(timeline(view, look, now), isStale(view));
    lines.clear();
    for (const Figure& figure : figures(view, now))
        lines.push_back({figure.name, figure.value, {}, {}, Token::Text, {}});
    m_figures->set(lines);
    lines.clear();
    for (const Volume& volume : look->volumes)
        lines.push_back({nameOf(volume),
                         tr("%1 GB, %2").arg(volume.sizeGb).arg(word(volume.status)),
                         volume.isBoot ? tr("boot") : QString(),
                         {},
                         Token::Text,
                         volume.errorMessage});
    if (lines.empty())
        lines.push_back({{},
                         look->loading ? tr("asking…") : tr("none known"),
                         {},
                         {},
                         Token::SecondaryText,
                         {}});
    m_volumes->set(lines);
    lines.clear();
    for (const ActionLog& entry : look->actions) {
        if (lines.size() == 8)
            break;
        const QString reason = logMeta(entry).reason;
        lines.push_back({ageText(entry.createdAt, now), entry.actionType, entry.userId,
                         shapeOf(entry.status), Token::Text,
                         QStringList{timeText(entry.createdAt), entry.errorMessage, reason}.join(
                             QLatin1Char('\n'))});
    }
    if (lines.empty())
        lines.push_back({{},
                         look->loading ? tr("asking…") : tr("nothing yet"),
                         {},
                         {},
                         Token::SecondaryText,
                         {}});
    m_log->set(lines);
}

void InspectorPanel::showActions(const InstanceView& view, const SourceStatus* source) {
    QStringList reasons;
    for (const auto& [action, button] : m_actions) {
        QString why = whyNotText(action, view.instance);
        if (!source || !source->capabilities.actions)
            why = tr("Its source offers no actions.");
        else if (isStale(view))
            why = tr("Its orchestrator does not answer.");
        button->setEnabled(why.isEmpty());
        button->setToolTip(why);
        if (!why.isEmpty())
            reasons.append(tr("%1: %2").arg(word(action), why));
    }
    m_whyNot->setText(reasons.join(QLatin1Char('\n')));
    m_whyNot->setVisible(!reasons.isEmpty());
}

void InspectorPanel::showVolumeChoice(const InstanceView& view, const SourceStatus* source,
                                      const std::vector<Volume>& volumes) {
    QStringList choices;
    std::vector<VolumeId> ids;
    for (const Volume& volume : volumes) {
        if (volume.status == VolumeStatus::Deleted)
            continue;
        choices.append(
            tr("%1, %2 GB, %3").arg(nameOf(volume)).arg(volume.sizeGb).arg(word(volume.status)));
        ids.push_back(volume.id);
    }
    m_deleteVolume->setVisible(!choices.isEmpty());
    QString why = whyNotText(Action::DeleteVolume, view.instance);
    if (!source || !source->capabilities.operations)
        why = tr("Its orchestrator can't be told to delete a volume.");
    else if (isStale(view))
        why = tr("Its orchestrator does not answer.");
    m_deleteVolume->setEnabled(why.isEmpty());
    m_deleteVolume->setToolTip(why);
    const QStringList shown = choices + QStringList(view.instance.id.value());
    if (shown == m_choices)
        return; // it may be open
    m_choices = shown;
    m_volumeChoice->clear();
    for (qsizetype i = 0; i < choices.size(); ++i) {
        QAction* one = m_volumeChoice->addAction(choices.at(i));
        const command::Act::Target target{m_source, m_instance, ids[static_cast<std::size_t>(i)]};
        connect(one, &QAction::triggered, this,
                [this, target] { m_host.recover(Action::DeleteVolume, {target}); });
    }
}

} // namespace vigie::panels::inspector
