#include "core/tasks/checkpoints/checkpointhistory.h"

#include <algorithm>

namespace vigie {

namespace {

const QString keyPrefix = QStringLiteral("checkpoint-");
const QString keySuffix = QStringLiteral(".vck");

std::optional<quint64> sequenceOf(const QString& key) {
    const QString name = key.section(u'/', -1);
    if (!name.startsWith(keyPrefix) || !name.endsWith(keySuffix))
        return {};
    bool ok = false;
    const quint64 number =
        name.mid(keyPrefix.size(), name.size() - keyPrefix.size() - keySuffix.size())
            .toULongLong(&ok);
    return ok ? std::optional(number) : std::nullopt;
}

} // namespace

CheckpointHistory::CheckpointHistory(Clock& clock, CheckpointStorage& storage, QString owner,
                                     int keep)
    : m_clock(clock), m_storage(storage), m_owner(std::move(owner)), m_keep(std::max(keep, 1)) {}

QString CheckpointHistory::keyOf(const QString& owner, quint64 sequence) {
    // Zeros in front, so that names sort as numbers do.
    return QStringLiteral("%1/%2%3%4")
        .arg(owner, keyPrefix)
        .arg(sequence, 12, 10, QLatin1Char('0'))
        .arg(keySuffix);
}

Task<Outcome<void>> CheckpointHistory::learn(std::stop_token stop) {
    if (m_stored)
        co_return Outcome<void>();
    const auto keys = co_await m_storage.keys(m_owner + u'/', stop);
    if (!keys)
        co_return fail(keys.error());
    std::vector<quint64> stored;
    for (const QString& key : *keys) {
        if (const auto sequence = sequenceOf(key))
            stored.push_back(*sequence);
    }
    std::ranges::sort(stored);
    m_stored = std::move(stored);
    co_return Outcome<void>();
}

Task<Outcome<CheckpointHistory::Found>> CheckpointHistory::newest(std::stop_token stop) {
    m_stored.reset();
    const auto learned = co_await learn(stop);
    if (!learned)
        co_return fail(learned.error());
    Found found;
    std::vector<quint64> sequences = *m_stored;
    std::ranges::reverse(sequences);
    for (const quint64 sequence : sequences) {
        const QString key = keyOf(m_owner, sequence);
        const auto bytes = co_await m_storage.get(key, stop);
        if (!bytes) {
            found.passedOver.append(QStringLiteral("%1: %2").arg(key, bytes.error().message));
            continue;
        }
        auto checkpoint = decodeCheckpoint(*bytes);
        if (!checkpoint) {
            found.passedOver.append(QStringLiteral("%1: %2").arg(key, checkpoint.error().message));
        } else if (checkpoint->owner != m_owner || checkpoint->sequence != sequence) {
            found.passedOver.append(QStringLiteral("%1: the checkpoint is number %2 of \"%3\"")
                                        .arg(key)
                                        .arg(checkpoint->sequence)
                                        .arg(checkpoint->owner.left(100)));
        } else {
            found.checkpoint = std::move(*checkpoint);
            break;
        }
    }
    co_return found;
}

Task<Outcome<quint64>> CheckpointHistory::save(QByteArray state, std::stop_token stop) {
    const auto learned = co_await learn(stop);
    if (!learned)
        co_return fail(learned.error());
    const quint64 sequence = m_stored->empty() ? 1 : m_stored->back() + 1;
    // The room of the oldest is used when others stay to fall back to, whatever happens meanwhile.
    const bool recycles = static_cast<int>(m_stored->size()) >= m_keep && m_stored->size() >= 2;
    QString retired;
    if (recycles) {
        retired = keyOf(m_owner, m_stored->front());
        m_stored->erase(m_stored->begin());
    }
    const Checkpoint checkpoint{m_owner, sequence, m_clock.wallNow(), std::move(state)};
    const QString key = keyOf(m_owner, sequence);
    const QByteArray bytes = encodeCheckpoint(checkpoint);
    const auto put = co_await m_storage.put(key, bytes, retired, stop);
    if (!put)
        co_return fail(put.error());
    m_stored->push_back(sequence);
    while (static_cast<int>(m_stored->size()) > m_keep) {
        const QString old = keyOf(m_owner, m_stored->front());
        const auto removed = co_await m_storage.remove(old, stop);
        if (!removed)
            break; // one too many does no harm; the next save tries again
        m_stored->erase(m_stored->begin());
    }
    co_return sequence;
}

Task<Outcome<std::vector<CheckpointInfo>>> listCheckpoints(CheckpointReader& storage, QString owner,
                                                           bool withState, std::stop_token stop) {
    const QString prefix = owner.isEmpty() ? QString() : owner + u'/';
    const auto keys = co_await storage.keys(prefix, stop);
    if (!keys)
        co_return fail(keys.error());
    std::vector<CheckpointInfo> list;
    for (const QString& key : *keys) {
        if (!sequenceOf(key))
            continue;
        const auto bytes = co_await storage.get(key, stop);
        CheckpointInfo info{key, bytes ? bytes->size() : 0,
                            bytes ? decodeCheckpoint(*bytes) : fail(bytes.error())};
        if (info.checkpoint && !withState)
            info.checkpoint->state.clear();
        list.push_back(std::move(info));
    }
    co_return list;
}

} // namespace vigie
