#include "core/tasks/checkpoints/storagecheckpoints.h"

namespace vigie {

namespace {

constexpr int pageSize = 1000;
constexpr int maxPages = 1000; ///< a server that never ends its list

} // namespace

Task<Outcome<QStringList>> StorageCheckpoints::keys(QString prefix, std::stop_token stop) {
    QStringList found;
    QString continuation;
    for (int page = 0; page < maxPages; ++page) {
        const QString from = m_prefix + prefix;
        const auto listing = co_await m_client.list(from, continuation, pageSize, stop);
        if (!listing)
            co_return fail(listing.error());
        for (const StorageObject& object : listing->objects) {
            if (object.key.startsWith(from))
                found.append(object.key.mid(m_prefix.size()));
        }
        continuation = listing->continuation;
        if (continuation.isEmpty())
            break;
    }
    found.sort();
    co_return found;
}

Task<Outcome<QByteArray>> StorageCheckpoints::get(QString key, std::stop_token stop) {
    co_return co_await m_client.get(m_prefix + key, std::move(stop));
}

Task<Outcome<void>> StorageCheckpoints::put(QString key, QByteArray bytes, QString retired,
                                            std::stop_token stop) {
    const QString name = m_prefix + key;
    const auto stored =
        co_await m_client.put(name, std::move(bytes), StorageClient::PutCondition::Always, stop);
    if (!stored)
        co_return fail(stored.error());
    if (!retired.isEmpty())
        co_await m_client.remove(m_prefix + retired, stop);
    co_return Outcome<void>();
}

Task<Outcome<void>> StorageCheckpoints::remove(QString key, std::stop_token stop) {
    co_return co_await m_client.remove(m_prefix + key, std::move(stop));
}

} // namespace vigie
