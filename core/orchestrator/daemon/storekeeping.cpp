#include "core/orchestrator/daemon/storekeeping.h"

#include "core/base/timeformat.h"
#include "core/orchestrator/daemon/storelocation.h"

namespace vigie::storekeeping {

Outcome<std::unique_ptr<StoreUpkeep>> keeperOf(const Settings& settings) {
    const auto location = storeLocation(settings);
    if (!location)
        return fail(location.error());
    return storeUpkeep(location->url);
}

QString tell(const Migration& way, bool dryRun) {
    const QString from = QString::number(way.from);
    const QString to = QString::number(way.to);
    if (way.steps.empty())
        return QStringLiteral("schema version %1: nothing to do\n").arg(from);
    if (!dryRun)
        return QStringLiteral("schema version %1, was %2\n").arg(to, from);
    QString text = QStringLiteral("schema version %1, would be %2\n").arg(from, to);
    for (const Migration::Step& step : way.steps) {
        text += QStringLiteral("to version %1, one transaction:\n").arg(step.version);
        for (const QString& statement : step.statements)
            text += QStringLiteral("  %1;\n").arg(statement);
        if (step.then.run)
            text += QStringLiteral("  and then: %1\n").arg(QLatin1String(step.then.words));
    }
    return text;
}

QString tell(const StoreBackup& backup) {
    return QStringLiteral("%1: %2 bytes, schema version %3, read again and found whole\n")
        .arg(backup.file, QString::number(backup.bytes), QString::number(backup.schemaVersion));
}

QString tell(const StoreRestore& restore) {
    QString text =
        QStringLiteral("restored from a backup of schema version %1%2\n")
            .arg(QString::number(restore.schemaVersion),
                 restore.newest ? QStringLiteral(", newest entry of ") + toRfc3339(*restore.newest)
                                : QString());
    if (!restore.keptAs.isEmpty())
        text += QStringLiteral("the store of before is kept as %1\n").arg(restore.keptAs);
    text += QStringLiteral(
        "What was done since the backup is unknown to it. Until a person releases it, vigied "
        "starts, takes beats and judges, but changes nothing at the provider:\n"
        "  look   GET /automation, /orphan_machines, /volumes, /instances, /actions\n"
        "  then   POST /automation {\"release\": {\"reason\": \"why\"}}\n"
        "API tokens are those of the backup: revoke again what was revoked since "
        "(vigied token list).\n");
    return text;
}

} // namespace vigie::storekeeping
