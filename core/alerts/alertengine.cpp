#include "core/alerts/alertengine.h"

#include <algorithm>
#include <tuple>

namespace vigie {

namespace {

/// Whether what a source does not say may be taken as "it is not so".
bool sees(const AlertFacts& facts, const QMap<QString, QString>& labels) {
    const SourceStatus* source = facts.source(SourceId(labels.value(QStringLiteral("source"))));
    if (!source)
        return true; // removed by a person: nobody watches it any more
    return source->freshness == Freshness::Live || source->freshness == Freshness::Late;
}

QString identityOf(const QMap<QString, QString>& labels) {
    QString identity;
    for (auto label = labels.begin(); label != labels.end(); ++label)
        identity += label.key() + QChar(0x1f) + label.value() + QChar(0x1e);
    return identity;
}

int rank(AlertState state) {
    return state == AlertState::Firing ? 0 : state == AlertState::Pending ? 1 : 2;
}

} // namespace

AlertEngine::AlertEngine(std::vector<AlertRule> rules, AlertEngineOptions options)
    : m_rules(std::move(rules)), m_options(options) {}

bool AlertEngine::evaluate(const AlertFacts& facts, MonotonicTime now, WallTime wallNow) {
    bool changed = false;
    std::set<QString> seen;
    for (const AlertRule& rule : m_rules) {
        for (WantedAlert& wanted : rule.evaluate(facts)) {
            // What a blind source told earlier is no new evidence either: the alert stays as it is.
            if (wanted.needsSight && !sees(facts, wanted.labels))
                continue;
            changed |= want(rule, std::move(wanted), now, wallNow, seen);
        }
    }
    for (auto item = m_entries.begin(); item != m_entries.end();) {
        Entry& entry = item->second;
        bool forget = false;
        if (entry.alert.state == AlertState::Resolved) {
            forget = !seen.contains(item->first) && now - entry.since >= m_options.retention;
            changed |= forget;
        } else if (!seen.contains(item->first) &&
                   (!entry.needsSight || sees(facts, entry.alert.labels))) {
            forget = settle(entry, now, wallNow);
            changed = true;
        }
        item = forget ? m_entries.erase(item) : std::next(item);
    }
    return changed;
}

bool AlertEngine::want(const AlertRule& rule, WantedAlert wanted, MonotonicTime now,
                       WallTime wallNow, std::set<QString>& seen) {
    QMap<QString, QString> labels = std::move(wanted.labels);
    labels.insert(QStringLiteral("alertname"), rule.name);
    labels.insert(QStringLiteral("severity"), toString(rule.severity));
    const QString identity = identityOf(labels);
    seen.insert(identity);

    const auto [position, isNew] = m_entries.try_emplace(identity);
    Entry& entry = position->second;
    const Alert before = entry.alert;
    if (isNew || entry.alert.state == AlertState::Resolved) {
        entry.alert = Alert{};
        entry.alert.labels = std::move(labels);
        entry.alert.severity = rule.severity;
        entry.alert.activeSince = wallNow;
        entry.needsSight = wanted.needsSight;
        entry.since = now;
    }
    entry.alert.summary = std::move(wanted.summary);
    entry.alert.description = std::move(wanted.description);
    if (entry.alert.state == AlertState::Pending && now - entry.since >= wanted.holdFor) {
        entry.alert.state = AlertState::Firing;
        entry.alert.firedAt = wallNow;
        entry.since = now;
    }
    return !(before == entry.alert);
}

/// Ends an alert that is wanted no more; true when nothing of it is worth keeping.
bool AlertEngine::settle(Entry& entry, MonotonicTime now, WallTime wallNow) {
    if (entry.alert.state == AlertState::Pending)
        return true;
    entry.alert.state = AlertState::Resolved;
    entry.alert.resolvedAt = wallNow;
    entry.since = now;
    return false;
}

std::vector<Alert> AlertEngine::alerts() const {
    std::vector<Alert> all;
    all.reserve(m_entries.size());
    for (const auto& [identity, entry] : m_entries)
        all.push_back(entry.alert);
    std::ranges::stable_sort(all, [](const Alert& a, const Alert& b) {
        return std::tuple(rank(a.state), -static_cast<int>(a.severity), b.activeSince) <
               std::tuple(rank(b.state), -static_cast<int>(b.severity), a.activeSince);
    });
    return all;
}

} // namespace vigie
