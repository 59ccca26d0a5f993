#include "core/orchestrator/api/idempotency.h"

#include "core/base/log.h"
#include "core/orchestrator/api/answer.h"

#include <QCryptographicHash>

namespace vigie {

namespace {

QByteArray digestOf(const ServerRequest& request) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QByteArray& part :
         {request.method, request.path.toUtf8(), request.query.toString().toUtf8(), request.body}) {
        hash.addData(QByteArray::number(part.size()) + ':');
        hash.addData(part);
    }
    return hash.result().toHex();
}

/// What names a remembered answer: caller and key.
QByteArray keyOf(const Call& call) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(call.caller.name.toUtf8());
    hash.addData(QByteArrayView("\0", 1));
    hash.addData(call.idempotencyKey);
    return hash.result().toHex();
}

} // namespace

std::array<QString, 2> idempotencySeeds(const Call& call, WallTime now) {
    const auto day = std::chrono::floor<std::chrono::days>(now.time_since_epoch()).count();
    const QByteArray asked = keyOf(call) + '.' + digestOf(call.request) + '.';
    return {QString::fromLatin1(asked + QByteArray::number(static_cast<qint64>(day))),
            QString::fromLatin1(asked + QByteArray::number(static_cast<qint64>(day - 1)))};
}

Task<ServerResponse> IdempotencyGate::serve(Call call,
                                            std::function<Task<ServerResponse>(Call)> handle) {
    const QByteArray key = keyOf(call);
    const QByteArray digest = digestOf(call.request);
    while (m_inFlight.contains(key)) {
        const Eventual<bool> over;
        m_inFlight[key].push_back(over);
        co_await over;
    }
    m_inFlight.insert(key, {});

    auto recalled = co_await m_store.recallAnswer(key);
    if (!recalled) {
        finished(key);
        co_return answer::failed(recalled.error());
    }
    if (*recalled && m_clock.wallNow() - (*recalled)->at < idempotencyKept) {
        const auto& known = **recalled;
        ServerResponse response;
        if (known.requestDigest == digest) {
            response = ServerResponse::json(known.status, known.body);
            response.headers.emplaceBack("Idempotency-Replayed", "true");
        } else {
            response = answer::error(
                422, QStringLiteral("idempotency_key_reused"),
                QStringLiteral("this Idempotency-Key was used for another request in the last "
                               "24 hours; take a new key for a new request"));
        }
        finished(key);
        co_return response;
    }

    ServerResponse response = co_await handle(std::move(call));
    // What was refused for how things stood may be right a moment later, or at another
    // orchestrator.
    const bool passing = response.status == 409 || response.status == 429 || response.status >= 500;
    if (!passing) {
        const QByteArray body = response.body ? response.body->joined() : QByteArray();
        AccessStore::RememberedAnswer remembered{response.status, digest, body, m_clock.wallNow()};
        const auto kept = co_await m_store.rememberAnswer(key, std::move(remembered));
        if (!kept) {
            logWarning(QStringLiteral("api"),
                       QStringLiteral("an answer could not be kept for its Idempotency-Key: ") +
                           kept.error().message);
        }
    }
    finished(key);
    co_return response;
}

void IdempotencyGate::finished(const QByteArray& key) {
    const auto waiting = m_inFlight.take(key);
    for (const Eventual<bool>& over : waiting)
        over.resolve(true);
}

} // namespace vigie
