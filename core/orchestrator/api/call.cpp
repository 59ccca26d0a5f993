#include "core/orchestrator/api/call.h"

#include "core/orchestrator/api/requestcodec.h"

#include <algorithm>

namespace vigie {

namespace {

constexpr qsizetype maxReasonLength = 1000;

QString oneLine(QString text) {
    for (QChar& c : text) {
        if (c.category() == QChar::Other_Control)
            c = QLatin1Char(' ');
    }
    return text.trimmed();
}

} // namespace

QString Call::traceId() const {
    return trace ? QString::fromStdString(trace->traceIdText()) : QString();
}

Outcome<InstanceId> Call::instanceId() const {
    const QString text = parameters.value(QStringLiteral("id"));
    const QString uuid = canonicalUuid(text);
    if (uuid.isEmpty()) {
        return fail(FailureKind::Invalid,
                    QStringLiteral("\"%1\" is not an instance id; an id is a UUID such as "
                                   "0f8fad5b-d9cb-469f-a165-70867728950e")
                        .arg(text.left(64)));
    }
    return InstanceId(uuid);
}

Outcome<Asker> askerOf(const Call& call) {
    Asker asker;
    asker.actor = call.caller.name;
    asker.sourceIp = call.request.peerAddress;
    asker.correlationId = call.correlationId;
    asker.component = QStringLiteral("api");
    const QByteArray header = call.request.header("X-Vigie-Reason");
    if (!header.isEmpty()) {
        asker.reason = QString::fromUtf8(QByteArray::fromPercentEncoding(header));
    } else if (!call.request.body.trimmed().isEmpty()) {
        auto reason = decodeReason(call.request.body);
        if (!reason)
            return fail(std::move(reason.error()));
        asker.reason = *reason;
    }
    asker.reason = oneLine(asker.reason);
    if (asker.reason.size() > maxReasonLength) {
        return fail(FailureKind::Invalid,
                    QStringLiteral("the reason has %1 characters; at most %2 are kept")
                        .arg(asker.reason.size())
                        .arg(maxReasonLength));
    }
    return asker;
}

Outcome<Asker> askerWithReason(const Call& call) {
    if (auto more = whyMoreThanReason(call.request.body))
        return fail(std::move(*more));
    return askerOf(call);
}

std::optional<QString> validCorrelationId(const QByteArray& text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == ':' || c == '-';
    };
    if (text.isEmpty() || text.size() > 128 || !std::ranges::all_of(text, allowed))
        return std::nullopt;
    return QString::fromLatin1(text);
}

} // namespace vigie
