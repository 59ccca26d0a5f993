#include "core/sources/prometheus/prometheussource.h"
#include "core/sources/replyclues.h"

namespace vigie::sources::prometheus {

namespace {

/// Text with a comment that Prometheus defines, or of its content type.
double likeness(const HttpReply& reply) {
    if (reply.status != 200 || isHtml(reply))
        return 0;
    const QByteArray start = reply.body.left(4096);
    if (start.startsWith("# HELP ") || start.startsWith("# TYPE ") || start.contains("\n# TYPE "))
        return 1;
    return reply.header("Content-Type").contains("version=0.0.4") ? 0.8 : 0;
}

} // namespace

SourceDescriptor descriptor() {
    return {
        QStringLiteral("prometheus"),
        QStringLiteral("A page of Prometheus text: latency histograms"),
        likeness,
        [](SourceContext context) -> Outcome<std::unique_ptr<Source>> {
            const QUrl& url = context.config.url;
            if (!url.isValid() || url.host().isEmpty())
                return fail(FailureKind::Invalid,
                            QStringLiteral("\"%1\" is not the address of a metrics page; an "
                                           "example is http://host:9090/metrics.")
                                .arg(url.toDisplayString(QUrl::RemoveUserInfo)));
            return std::make_unique<PrometheusSource>(std::move(context));
        },
    };
}

} // namespace vigie::sources::prometheus
