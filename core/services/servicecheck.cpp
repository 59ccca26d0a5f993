#include "core/services/servicecheck.h"

#include "core/base/timeformat.h"

namespace vigie {

Task<ServiceCheck> checkService(Service& service, QString name, QString address, Clock& clock,
                                std::shared_ptr<const ErrorClassifier> classifier,
                                std::stop_token stop) {
    ServiceCheck check;
    const MonotonicTime start = clock.now();
    const quint64 retriesBefore = service.endpoint().retries();
    const auto found = co_await service.check(std::move(stop));
    check.service = std::move(name);
    check.address = std::move(address);
    check.latency = clock.now() - start;
    check.retries = service.endpoint().retries() - retriesBefore;
    check.at = clock.wallNow();
    check.healthy = found.has_value();
    if (found) {
        check.finding = *found;
    } else {
        check.errorClass = classify(found.error(), *classifier, check.service.toStdString());
        check.message = found.error().message;
    }
    co_return check;
}

QString toLine(const ServiceCheck& check) {
    QString line = QStringLiteral("%1 %2: ").arg(check.service, check.address);
    if (check.healthy) {
        line += QStringLiteral("healthy in %1").arg(humanDuration(check.latency));
        if (!check.finding.version.isEmpty())
            line += QStringLiteral(", version %1").arg(tamedText(check.finding.version));
        line += QStringLiteral(", %1").arg(tamedText(check.finding.summary));
    } else {
        line += QStringLiteral("unhealthy after %1, %2: %3")
                    .arg(humanDuration(check.latency),
                         QString::fromLatin1(toString(check.errorClass)), check.message);
    }
    if (check.retries > 0)
        line += QStringLiteral(" (%1 retried)").arg(check.retries);
    return line.simplified();
}

} // namespace vigie
