#include "ui/panels/alerts/alertrows.h"

#include "ui/models/columns.h"
#include "ui/models/words.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>

namespace vigie::panels::alerts {

namespace {

struct A {
    Q_DECLARE_TR_FUNCTIONS(Alerts)
};

int stateRank(AlertState state) {
    return state == AlertState::Firing ? 0 : state == AlertState::Pending ? 1 : 2;
}

bool worse(const Alert& a, const Alert& b) {
    const auto rank = [](const Alert& alert) {
        return std::tuple(stateRank(alert.state), -static_cast<int>(alert.severity),
                          alert.activeSince);
    };
    return rank(a) < rank(b);
}

QMap<QString, QString> sharedLabels(const std::vector<const Alert*>& members) {
    QMap<QString, QString> shared = members.front()->labels;
    for (const Alert* member : members)
        for (auto it = shared.begin(); it != shared.end();)
            it = member->labels.value(it.key()) == *it ? std::next(it) : shared.erase(it);
    return shared;
}

using Names = QHash<QString, QString>; ///< of sources, by id

QString labelText(const QMap<QString, QString>& labels, const QMap<QString, QString>& without,
                  const Names& names) {
    static const QStringList said{QStringLiteral("alertname"), QStringLiteral("severity")};
    QStringList parts;
    for (auto it = labels.begin(); it != labels.end(); ++it)
        if (!without.contains(it.key()) && !said.contains(it.key()))
            parts.append(it.key() == QLatin1String("instance") ? shortId(*it)
                         : it.key() == QLatin1String("source")
                             ? names.value(*it, *it)
                             : QStringLiteral("%1=%2").arg(it.key(), *it));
    return parts.join(QStringLiteral("  "));
}

QString identity(const Alert& alert) {
    QStringList parts;
    for (auto it = alert.labels.begin(); it != alert.labels.end(); ++it)
        parts.append(it.key() + QLatin1Char('=') + *it);
    return parts.join(QLatin1Char(','));
}

QString titleOf(const Alert& alert) {
    const QString name = alert.labels.value(QStringLiteral("alertname"));
    if (name == QLatin1String("WorkerDead"))
        return A::tr("Workers dead");
    if (name == QLatin1String("InstanceStuck"))
        return A::tr("Instances stuck");
    if (name == QLatin1String("SourceUnreachable"))
        return A::tr("Source unreachable");
    if (name == QLatin1String("BreakerOpen"))
        return A::tr("Breakers open");
    return name;
}

AlertRow headOf(const QString& group, const std::vector<const Alert*>& members,
                const Names& names) {
    AlertRow head;
    head.key = head.group = group;
    head.head = true;
    head.members = static_cast<int>(members.size());
    head.alert = **std::min_element(members.begin(), members.end(),
                                    [](const Alert* a, const Alert* b) { return worse(*a, *b); });
    head.alert.labels = sharedLabels(members);
    for (const Alert* member : members)
        head.alert.activeSince = std::min(head.alert.activeSince, member->activeSince);
    head.labels = labelText(head.alert.labels, {}, names);
    head.sentence = titleOf(*members.front());
    return head;
}

} // namespace

std::vector<AlertRow> rows(const FleetSnapshot& snapshot, const QSet<QString>& folded) {
    Names names;
    for (const SourceStatus& source : snapshot.sources)
        names.insert(source.id.value(), source.name);
    std::map<QString, std::vector<const Alert*>> groups;
    for (const Alert& alert : snapshot.alerts)
        groups[alert.labels.value(QStringLiteral("alertname")) + QLatin1Char('@') +
               alert.labels.value(QStringLiteral("source"))]
            .push_back(&alert);
    std::vector<AlertRow> heads;
    for (const auto& [group, members] : groups)
        heads.push_back(headOf(group, members, names));
    std::stable_sort(heads.begin(), heads.end(),
                     [](const AlertRow& a, const AlertRow& b) { return worse(a.alert, b.alert); });
    std::vector<AlertRow> rows;
    for (AlertRow& head : heads) {
        auto& members = groups[head.group];
        std::stable_sort(members.begin(), members.end(),
                         [](const Alert* a, const Alert* b) { return worse(*a, *b); });
        head.folded = folded.contains(head.group);
        head.now = snapshot.takenAt;
        const QMap<QString, QString> shared = head.alert.labels;
        const QString group = head.group;
        const bool alone = members.size() == 1; // a head would only repeat it
        const bool open = alone || !head.folded;
        if (!alone)
            rows.push_back(std::move(head));
        for (const Alert* member : members) {
            if (!open)
                break;
            AlertRow row;
            row.key = group + QLatin1Char('/') + identity(*member);
            row.group = group;
            row.alert = *member;
            row.labels =
                labelText(member->labels, alone ? QMap<QString, QString>() : shared, names);
            row.alone = alone;
            row.sentence = sentenceOf(*member, names);
            row.now = snapshot.takenAt;
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

QString sentenceOf(const Alert& alert, const QHash<QString, QString>& names) {
    const auto label = [&alert](const char* name) {
        return alert.labels.value(QLatin1String(name));
    };
    const QString name = label("alertname");
    const QString source = names.value(label("source"), label("source"));
    if (name == QLatin1String("WorkerDead"))
        return A::tr("The worker of %1 on %2 is dead.").arg(shortId(label("instance")), source);
    if (name == QLatin1String("InstanceStuck"))
        return A::tr("%1 on %2 is over the time limit of its state (%3).")
            .arg(shortId(label("instance")), source,
                 word(instanceStatusFromString(label("status"))));
    if (name == QLatin1String("SourceUnreachable"))
        return A::tr("%1 does not answer; what is shown of it is old.").arg(source);
    if (name == QLatin1String("BreakerOpen"))
        return label("owner") == QLatin1String("dashboard")
                   ? A::tr("Our circuit breaker around %1 is open.").arg(source)
                   : A::tr("The circuit breaker %1 of %2 is open.").arg(label("breaker"), source);
    return alert.summary.isEmpty() ? name : alert.summary;
}

std::vector<Column<AlertRow>> columns() {
    auto severity = textColumn<AlertRow>(
        "severity", [] { return A::tr("Severity"); }, 108,
        [](const AlertRow& row) { return toString(row.alert.severity); });
    severity.cell = [](const AlertRow& row) {
        Cell cell;
        cell.text = word(row.alert.severity);
        cell.shape = row.alert.severity;
        cell.bold = row.head;
        if (row.alert.state == AlertState::Resolved)
            cell.ink = Token::SecondaryText;
        return cell;
    };
    auto state = textColumn<AlertRow>(
        "state", [] { return A::tr("State"); }, 88,
        [](const AlertRow& row) { return toString(row.alert.state); });
    state.cell = [](const AlertRow& row) {
        Cell cell;
        cell.text = word(row.alert.state);
        cell.ink = row.alert.state == AlertState::Firing    ? Token::Dead
                   : row.alert.state == AlertState::Pending ? Token::Suspect
                                                            : Token::SecondaryText;
        return cell;
    };
    auto what = textColumn<AlertRow>(
        "alert", [] { return A::tr("Alert"); }, 460,
        [](const AlertRow& row) { return row.sentence; });
    what.cell = [](const AlertRow& row) {
        Cell cell;
        cell.indent = row.head || row.alone ? 0 : 1;
        cell.bold = row.head;
        cell.text = row.head ? QStringLiteral("%1 %2  ·  %3")
                                   .arg(row.folded ? QChar(0x25B8) : QChar(0x25BE))
                                   .arg(row.sentence)
                                   .arg(row.members)
                             : row.sentence;
        return cell;
    };
    what.tip = [](const AlertRow& row) {
        return row.head ? QString() : row.alert.summary + QLatin1Char('\n') + row.alert.description;
    };
    auto since = numberColumn<AlertRow>(
        "since", [] { return A::tr("Since"); }, 72,
        [](const AlertRow& row) {
            return std::optional<double>(
                std::chrono::duration<double>(row.now - row.alert.activeSince).count());
        },
        [](double seconds) {
            return shortDuration(
                std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds)));
        });
    since.kind = FieldKind::Seconds;
    since.tip = [](const AlertRow& row) { return timeText(row.alert.activeSince); };
    return {severity, state, what,
            stretched(textColumn<AlertRow>(
                "labels", [] { return A::tr("Labels"); }, 240,
                [](const AlertRow& row) { return row.labels; })),
            since};
}

} // namespace vigie::panels::alerts
