#pragma once

#include "core/services/service.h"

namespace vigie {

/// What one check of one service came to.
struct ServiceCheck {
    QString service; ///< "ollama"
    QString address; ///< without anything secret
    bool healthy = false;
    ServiceFinding finding;  ///< when healthy
    ErrorClass errorClass{}; ///< when not
    QString message;         ///< when not: one sentence
    Duration latency{};      ///< of the whole check, retries included
    quint64 retries = 0;     ///< of its management calls
    WallTime at{};           ///< when it ended
};

/// Runs the check and measures it. A failure of the service is a result here, never a failure.
Task<ServiceCheck> checkService(Service& service, QString name, QString address, Clock& clock,
                                std::shared_ptr<const ErrorClassifier> classifier,
                                std::stop_token stop);

/// "ollama http://127.0.0.1:11434: healthy in 12 ms, version 0.5.1, 3 models", one line.
QString toLine(const ServiceCheck& check);

} // namespace vigie
