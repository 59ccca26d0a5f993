#pragma once

#include "core/base/outcome.h"
#include "core/model/volume.h"

#include <span>
#include <vector>

namespace vigie {

class JsonNode;

/// `[Storage]` of the contract; ours adds instance_id.
QByteArray encodeVolumes(std::span<const Volume> volumes);

/// Elements that are no objects or have no id are left out.
std::vector<Volume> readVolumes(const JsonNode& storages);
/// Malformed when `body` is no array.
Outcome<std::vector<Volume>> decodeVolumes(const QByteArray& body);

} // namespace vigie
