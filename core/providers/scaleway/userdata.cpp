#include "core/providers/scaleway/userdata.h"

#include <algorithm>

namespace vigie {

namespace {

constexpr qsizetype maxUserData = 64 * 1024;

struct Place {
    const char* name;
    QString value;
    bool required; ///< in the template
};

/// Values stand in an environment file and between single quotes of a shell.
bool isHarmless(const QString& value) {
    return std::ranges::all_of(value, [](QChar c) {
        return c > u' ' && c < QChar(127) && c != u'\'' && c != u'"' && c != u'\\' && c != u'$' &&
               c != u'`';
    });
}

} // namespace

Outcome<QByteArray> userDataFor(const WorkerBoot& boot, const UserDataOptions& options) {
    const Place places[] = {
        {"CONTROL_PLANE_URL", boot.controlPlaneUrl.toString(QUrl::FullyEncoded), true},
        {"INSTANCE_ID", boot.instanceId.value(), true},
        {"WORKER_AUTH_TOKEN", boot.bootstrapSecret, true},
        {"MODEL_ID", boot.modelId, false},
        {"CORRELATION_ID", boot.correlationId, false},
        {"HEALTH_PORT", QString::number(options.healthPort), false},
        {"MODEL_URL", options.modelUrl.toString(QUrl::FullyEncoded), false},
        {"WORKER_PACKAGE_URL", options.packageUrl.toString(QUrl::FullyEncoded), false},
        {"WORKER_PACKAGE_SHA256", options.packageSha256, false},
    };
    QString text = options.templateText;
    for (const Place& place : places) {
        const QString mark = QLatin1Char('@') + QLatin1String(place.name) + QLatin1Char('@');
        // The value is not told: one of them is secret.
        if (!isHarmless(place.value))
            return fail(FailureKind::Invalid,
                        QStringLiteral("the user-data of a machine can't hold this %1: it has "
                                       "blanks, quotes, \\, $ or `")
                            .arg(QLatin1String(place.name)));
        if (place.required && (place.value.isEmpty() || !text.contains(mark)))
            return fail(
                FailureKind::Invalid,
                QStringLiteral("the user-data template needs %1 and a value for it").arg(mark));
        text.replace(mark, place.value);
    }
    QByteArray made = text.toUtf8();
    if (made.size() > maxUserData)
        return fail(FailureKind::Invalid,
                    QStringLiteral("the user-data has %1 bytes; Scaleway takes %2 at most")
                        .arg(made.size())
                        .arg(maxUserData));
    return made;
}

} // namespace vigie
