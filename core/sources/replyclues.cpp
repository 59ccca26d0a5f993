#include "core/sources/replyclues.h"

#include "core/http/retryafter.h"

namespace vigie {

using namespace std::chrono_literals;

bool isHtml(const HttpReply& reply) {
    if (reply.header("Content-Type").toLower().contains("html"))
        return true;
    const QByteArray start = reply.body.left(64).trimmed().toLower();
    return start.startsWith("<!doctype html") || start.startsWith("<html");
}

QString describe(const HttpReply& reply) {
    if (isHtml(reply))
        return QStringLiteral("a web page");
    if (reply.body.trimmed().isEmpty())
        return QStringLiteral("an empty body");
    const QByteArray start = reply.body.left(64).trimmed();
    if (start.startsWith('{') || start.startsWith('['))
        return QStringLiteral("JSON");
    const QByteArray type = reply.header("Content-Type").left(60);
    return QStringLiteral("%1 bytes of %2")
        .arg(reply.body.size())
        .arg(type.isEmpty() ? QStringLiteral("no stated type") : QString::fromLatin1(type));
}

Failure withAdvice(Failure failure) {
    if (failure.kind == FailureKind::Tls && failure.message.contains(QLatin1String("--ca")))
        failure.message += QStringLiteral(" (or as its CA file in the Sources dialog)");
    return failure;
}

std::optional<Duration> clockOffset(const HttpReply& reply, std::optional<WallTime> stamp) {
    if (!stamp) {
        stamp = fromHttpDate(reply.header("Date"));
        if (!stamp)
            return std::nullopt;
        *stamp += 500ms; // a whole second, cut off: on average half a second ago
    }
    return Duration(*stamp - reply.receivedAt) + reply.elapsed / 2;
}

} // namespace vigie
