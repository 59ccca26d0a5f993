#pragma once

#include "core/base/outcome.h"
#include "core/model/breaker.h"
#include "core/model/instance.h"
#include "core/model/volume.h"

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace vigie {

class JsonWriter;

/// An instance as JSON: every field of part A (null when not told), the fields of part B only when
/// there is something to tell.
void writeInstance(JsonWriter& writer, const Instance& instance);
/// The same with a cost and an assessment that are newer than what is stored.
void writeInstance(JsonWriter& writer, const Instance& stored, std::optional<double> totalCost,
                   const std::optional<Assessment>& assessment);
QByteArray encodeInstance(const Instance& instance);
/// GET /instances
QByteArray encodeInstances(std::span<const Instance* const> instances);
/// GET /instances/{id}: an instance with its `storages`.
QByteArray encodeInstanceDetail(const Instance& instance, std::span<const Volume> volumes);

/// What surrounds the rows of GET /instances/search.
struct PageCounts {
    int offset = 0;
    int limit = 0;
    int totalCount = 0;    ///< rows there are
    int filteredCount = 0; ///< rows that fit the query
};

/// The instances of an answer, whichever of the contract's shapes it had.
struct InstanceList {
    std::vector<std::shared_ptr<const Instance>> instances;
    std::optional<PageCounts> page; ///< of a search page
    // of a /fleet answer
    QString cursor;
    std::optional<WallTime> serverTime;
    bool full = true;
    std::vector<InstanceId> removed;
    std::optional<std::vector<Breaker>> breakers;
    /// Rows that could not be read (no object, or without an id), and why the first could not.
    int unreadable = 0;
    QString firstUnreadable;
};

/// Reads `[Instance]`, a search page or a /fleet answer. Unknown fields are ignored and a field of
/// another type than the contract's is absent. Malformed: no JSON, none of these shapes, or rows of
/// which none can be read (an outage must not look like an empty fleet).
Outcome<InstanceList> decodeInstances(const QByteArray& body);

struct InstanceDetail {
    Instance instance;
    std::vector<Volume> volumes;
};
/// Reads GET /instances/{id}.
Outcome<InstanceDetail> decodeInstanceDetail(const QByteArray& body);

/// {verdict, phi, heartbeat_age_ms, evidence, rule, blocked_by}
QByteArray encodeAssessment(const Assessment& assessment);
std::optional<Assessment> decodeAssessment(const QByteArray& json);
/// {reason, actor, until}
QByteArray encodeHeld(const Held& held);
std::optional<Held> decodeHeld(const QByteArray& json);

} // namespace vigie
