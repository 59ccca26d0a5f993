#include "core/orchestrator/daemon/reloading.h"

#include "core/http/servertls.h"
#include "core/orchestrator/daemon/daemoncalls.h"
#include "core/orchestrator/daemon/daemonhealth.h"
#include "core/orchestrator/daemon/tlsfiles.h"
#include "core/orchestrator/policydesk.h"

#include <QMap>

namespace vigie {

namespace {

/// What reload() puts into force: the sections of the policy, and single keys of others.
const QStringList taken{QStringLiteral("watchdog"),
                        QStringLiteral("automation"),
                        QStringLiteral("recovery"),
                        QStringLiteral("guards"),
                        QStringLiteral("resilience.profiles"),
                        QStringLiteral("resilience.checkpoint_interval_seconds"),
                        QStringLiteral("resilience.checkpoint_keep"),
                        QStringLiteral("resilience.health_check_interval_seconds"),
                        QStringLiteral("tasks.preset"),
                        QStringLiteral("tasks.presets_file"),
                        QStringLiteral("tasks.replay_rounds")};
const QString certificate = QStringLiteral("server.tls_certificate");
/// Other files are taken where TLS is spoken already; to begin or to end it waits.
const QStringList tlsFiles{certificate, QStringLiteral("server.tls_key"),
                           QStringLiteral("server.tls_client_ca")};

/// Every effective value by its path, as --print-config tells it.
QMap<QString, QString> valuesOf(const Settings& settings) {
    QMap<QString, QString> values;
    QString section;
    for (const QString& line : settings.print().split(u'\n')) {
        if (line.startsWith(u'[')) {
            section = line.sliced(1, line.lastIndexOf(u']') - 1);
            continue;
        }
        const qsizetype equals = line.indexOf(QLatin1String(" = "));
        if (line.startsWith(u'#') || equals < 0)
            continue;
        const QString key = line.first(equals);
        // The comment behind it says where the value came from.
        values.insert(section.isEmpty() ? key : section + u'.' + key,
                      line.sliced(equals, line.lastIndexOf(QLatin1String(" # ")) - equals));
    }
    return values;
}

} // namespace

QStringList waitingForRestart(const Settings& running, const Settings& read) {
    const QMap<QString, QString> before = valuesOf(running);
    const QMap<QString, QString> after = valuesOf(read);
    const bool tls = !running.text(certificate).isEmpty() && !read.text(certificate).isEmpty();
    QStringList waiting;
    for (auto value = after.cbegin(); value != after.cend(); ++value) {
        const QString section = value.key().section(u'.', 0, -2);
        if (before.value(value.key()) != *value && !taken.contains(section) &&
            !taken.contains(value.key()) && !(tls && tlsFiles.contains(value.key())))
            waiting.append(value.key());
    }
    return waiting;
}

Outcome<void> reload(const Reloadable& parts, const Settings& settings) {
    // A mistake anywhere must be found before anything is taken.
    std::shared_ptr<ServerTls> renewed;
    if (parts.replaceTls) { // whether to speak TLS waits for a restart
        auto read = tlsFilesOf(settings).and_then(readServerTls);
        if (!read)
            return fail(read.error());
        renewed = std::move(*read);
    }
    const auto checks = DaemonHealth::read(settings);
    if (!checks)
        return fail(checks.error());
    if (auto fits = parts.policy.check(settings); !fits)
        return fits;
    // It looks at every profile before it takes one; with it go the tasks.
    if (auto taken = parts.calls.reload(settings); !taken)
        return taken;
    parts.health.configure(*checks);
    if (renewed)
        parts.replaceTls(std::move(renewed));
    return parts.policy.configure(settings);
}

} // namespace vigie
