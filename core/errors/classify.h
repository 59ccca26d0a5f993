#pragma once

#include "core/base/failure.h"
#include "core/resilience/errorclassifier.h"

#include <QString>

#include <optional>
#include <string_view>

namespace vigie {

/// The class of a failure. Its `code` decides when it is the word of a class (classifiedFailure()
/// puts it there, core/http for what the transport saw) and the status allows that: a server can't
/// claim that our own breaker was open. `service` is for configured rules.
ErrorClass classify(const Failure& failure, const ErrorClassifier& classifier,
                    std::string_view service = {});

/// The kind that a class is called by where only kinds are known.
FailureKind failureKindOf(ErrorClass errorClass);

/// What a service's codec found in an error answer.
struct ErrorAnswer {
    int httpStatus = 0;
    QString code, type, sqlState; ///< machine-readable; see ErrorSignal
    QString text;                 ///< the server's own sentence
    std::optional<Duration> retryAfter;
    QString correlationId; ///< the server's name of the request, if it told one
};

/// The failure of a call that was answered with an error: classified once, here, with the class'
/// word as its code. `what` names the call: "POST http://host/api/chat".
Failure classifiedFailure(const ErrorClassifier& classifier, std::string_view service,
                          const ErrorAnswer& answer, const QString& what);

/// Text of the other side for a message: one line, printable, at most 300 characters.
QString tamedText(const QString& text);

} // namespace vigie
