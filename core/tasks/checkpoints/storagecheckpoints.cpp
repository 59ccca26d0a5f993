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
    QString name = m_prefix + key;
    Outcome<QByteArray> bytes = co_await m_client.get(std::move(name), std::move(stop));
    co_return bytes;
}

Task<Outcome<void>> StorageCheckpoints::put(QString key, QByteArray bytes, QString retired,
                                            std::stop_token stop) {
    const QString name = m_prefix + key;
    const auto stored =
        co_await m_client.put(name, std::move(bytes), StorageClient::PutCondition::Always, stop);
    if (!stored)
        co_return fail(stored.error());
    if (!retired.isEmpty()) {
        QString old = m_prefix + retired;
        co_await m_client.remove(std::move(old), stop);
    }
    co_return Outcome<void>();
}

Task<Outcome<void>> StorageCheckpoints::remove(QString key, std::stop_token stop) {
    QString name = m_prefix + key;
    Outcome<void> removed = co_await m_client.remove(std::move(name), std::move(stop));
    co_return removed;
}

} // namespace vigie
