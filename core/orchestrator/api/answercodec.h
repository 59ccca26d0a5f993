#pragma once

#include "core/base/clock.h"
#include "core/orchestrator/jobs/job.h"
#include "core/providers/provider.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace vigie {

/// What the API writes that is no model value; pure values -> bytes.

/// [a, b, ...] of texts that are JSON already.
QByteArray encodeArray(const std::vector<QByteArray>& items);

/// {offset, limit, total_count, filtered_count, rows} of GET /instances/search.
struct PageInfo {
    int offset = 0;
    int limit = 0;
    qint64 totalCount = 0;
    qint64 filteredCount = 0;
};
QByteArray encodePage(const PageInfo& page, const std::vector<QByteArray>& rows);

struct Accepted {
    QString status; ///< "accepted", "already_terminated", ...
    QString instanceId;
    QString message;
};
QByteArray encodeAccepted(const Accepted& accepted);

struct Readiness {
    QString code, message, correlationId;
    std::vector<std::pair<QString, QString>> details;
};
QByteArray encodeReadiness(const Readiness& readiness);

QByteArray encodeWhoami(const QString& actor, const QString& role,
                        const QStringList& allowedActions);

/// {secret} of POST /instances/{id}/bootstrap_secret.
QByteArray encodeSecret(const QString& secret);
/// A session of POST /auth/login: the token that later calls carry.
QByteArray encodeSession(const QString& token, const QString& actor, const QString& role);

/// GET /catalog.
struct Catalog {
    QString provider;
    std::vector<ProviderZone> zones;
    std::vector<ProviderType> types;
    QStringList models; ///< of the fleet
};
QByteArray encodeCatalog(const Catalog& catalog);

/// GET /orphan_machines: {listed_at, failure, mass_absence, marked, retries_used_up, deleted,
/// machines: [{machine_id, instance_id, why, marked_at, attempts, disowned, blocked_by}]}
QByteArray encodeOrphanMachines(const MachineBoard& board);

QByteArray encodeAdminStatus(int machines, const QString& message);

struct HeartbeatFigures {
    QString instanceId;
    std::optional<WallTime> last;
    std::optional<Duration> age;
    std::optional<double> phi;
    std::vector<Duration> intervals; ///< newest last
};
QByteArray encodeHeartbeatFigures(const HeartbeatFigures& figures);

/// GET /action_types: {code, label} of every action type of the contract.
QByteArray encodeActionTypes();
/// Whether it is one of them.
bool isActionType(QStringView code);

} // namespace vigie
