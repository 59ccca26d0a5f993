#include "core/errors/classify.h"

namespace vigie {

namespace {

using enum ErrorClass;

/// What only we can know: a server that answered may not claim it of the call.
bool isOurs(ErrorClass errorClass) {
    switch (errorClass) {
    case ConnectionRefused:
    case ConnectionReset:
    case Unreachable:
    case DnsFailure:
    case TlsFailure:
    case OutcomeUnknown:
    case Cancelled:
    case BreakerOpen:
    case BulkheadFull:
    case RateLimiterEmpty:
    case AnswerTooLarge:
    case Internal:
        return true;
    default:
        return false;
    }
}

/// The class of a kind by itself; nothing where the HTTP status tells more.
std::optional<ErrorClass> ofKind(FailureKind kind, bool answered) {
    switch (kind) {
    case FailureKind::Cancelled:
        return Cancelled;
    case FailureKind::Tls:
        return TlsFailure;
    case FailureKind::OutcomeUnknown:
        return OutcomeUnknown;
    case FailureKind::BreakerOpen:
        return BreakerOpen;
    case FailureKind::Malformed:
        return MalformedAnswer;
    case FailureKind::Storage:
        return StorageError;
    case FailureKind::Internal:
        return Internal;
    default:
        break;
    }
    if (answered)
        return {};
    switch (kind) {
    case FailureKind::Timeout:
        return Timeout;
    case FailureKind::Network:
        return Unreachable;
    case FailureKind::Overloaded:
        return BulkheadFull;
    case FailureKind::RateLimited:
        return RateLimited;
    case FailureKind::Unauthorized:
        return Unauthorized;
    case FailureKind::Forbidden:
        return Forbidden;
    case FailureKind::NotFound:
        return NotFound;
    case FailureKind::Conflict:
        return Conflict;
    case FailureKind::Invalid:
        return InvalidRequest;
    case FailureKind::ServerError:
        return ServerError;
    case FailureKind::TooLarge:
        return AnswerTooLarge;
    case FailureKind::Unsupported:
        return Unsupported;
    default:
        return {};
    }
}

} // namespace

ErrorClass classify(const Failure& failure, const ErrorClassifier& classifier,
                    std::string_view service) {
    const bool answered = failure.httpStatus != 0;
    const std::string code = failure.code.toStdString();
    ErrorSignal signal;
    signal.service = service;
    signal.httpStatus = failure.httpStatus;
    signal.code = code;
    signal.seen = errorClassFromString(code);
    if (!signal.seen || (answered && isOurs(*signal.seen)))
        signal.seen = ofKind(failure.kind, answered);
    return classifier.classify(signal);
}

FailureKind failureKindOf(ErrorClass errorClass) {
    switch (errorClass) {
    case Timeout:
    case GatewayTimeout:
    case DbTimeout:
        return FailureKind::Timeout;
    case ConnectionRefused:
    case ConnectionReset:
    case Unreachable:
    case DnsFailure:
        return FailureKind::Network;
    case TlsFailure:
        return FailureKind::Tls;
    case OutcomeUnknown:
        return FailureKind::OutcomeUnknown;
    case Truncated:
    case MalformedAnswer:
        return FailureKind::Malformed;
    case AnswerTooLarge:
        return FailureKind::TooLarge;
    case Cancelled:
        return FailureKind::Cancelled;
    case BreakerOpen:
        return FailureKind::BreakerOpen;
    case BulkheadFull:
    case RateLimiterEmpty:
        return FailureKind::Overloaded;
    case RateLimited:
        return FailureKind::RateLimited;
    case Unauthorized:
    case InvalidKey:
        return FailureKind::Unauthorized;
    case Forbidden:
    case QuotaExceeded:
    case ContentRefused:
    case ClockSkew:
    case DbPermission:
        return FailureKind::Forbidden;
    case NotFound:
    case ModelNotFound:
        return FailureKind::NotFound;
    case Conflict:
    case PreconditionFailed:
    case DbConstraint:
        return FailureKind::Conflict;
    case InvalidRequest:
    case PayloadTooLarge:
    case ContextTooLong:
    case DbSchema:
    case DbInvalidData:
        return FailureKind::Invalid;
    case Unsupported:
        return FailureKind::Unsupported;
    case StorageFull:
    case StorageError:
        return FailureKind::Storage;
    case Internal:
        return FailureKind::Internal;
    case Unknown:
    case Overloaded:
    case ServerError:
    case BadGateway:
    case Unavailable:
    case GpuOutOfMemory:
    case ModelLoading:
    case DbSerialization:
    case DbDeadlock:
    case DbConnection:
    case DbTooManyConnections:
    case DbResources:
    case DbReadOnly:
        return FailureKind::ServerError;
    }
    return FailureKind::ServerError;
}

QString tamedText(const QString& text) {
    QString line = text.left(2000).simplified().left(300);
    line.removeIf([](QChar c) { return !c.isPrint() && !c.isSurrogate(); });
    return line;
}

Failure classifiedFailure(const ErrorClassifier& classifier, std::string_view service,
                          const ErrorAnswer& answer, const QString& what) {
    const std::string code = answer.code.toStdString();
    const std::string type = answer.type.toStdString();
    const std::string sqlState = answer.sqlState.toStdString();
    const std::string text = answer.text.toStdString();
    ErrorSignal signal;
    signal.service = service;
    signal.httpStatus = answer.httpStatus;
    signal.code = code;
    signal.type = type;
    signal.sqlState = sqlState;
    signal.text = text;
    const ErrorClass found = classifier.classify(signal);

    Failure failure;
    failure.kind = failureKindOf(found);
    failure.httpStatus = answer.httpStatus;
    failure.retryAfter = answer.retryAfter;
    failure.code = QString::fromLatin1(toString(found));
    failure.correlationId = tamedText(answer.correlationId);
    failure.message = QStringLiteral("%1: answered %2, %3")
                          .arg(what)
                          .arg(answer.httpStatus)
                          .arg(QString::fromLatin1(describe(found)));
    const QString said = tamedText(answer.text);
    if (!said.isEmpty())
        failure.message += QStringLiteral(": ") + said;
    for (const QString* word : {&answer.sqlState, &answer.code, &answer.type}) {
        if (word->isEmpty())
            continue;
        failure.message += QStringLiteral(" (%1)").arg(tamedText(*word));
        break;
    }
    return failure;
}

} // namespace vigie
