#include "core/calls/callfailure.h"

#include "core/errors/classify.h"

namespace vigie {

Failure failureFrom(const CallError& error) {
    Failure failure;
    failure.kind = failureKindOf(error.errorClass);
    failure.message = QString::fromStdString(error.message);
    failure.retryAfter = error.retryAfter;
    failure.code = QString::fromLatin1(toString(error.errorClass));
    return failure;
}

} // namespace vigie
