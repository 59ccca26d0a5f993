#pragma once

#include "core/model/instance.h"

#include <span>
#include <string_view>
#include <variant>

namespace vigie {

/// Where a field of the contract lives in Instance. The type says how it looks on the wire: a
/// QByteArray holds a JSON object, all else is what it seems.
using InstanceMember =
    std::variant<QString Instance::*, QByteArray Instance::*, bool Instance::*, int Instance::*,
                 std::optional<int> Instance::*, std::optional<double> Instance::*,
                 std::optional<WallTime> Instance::*, std::vector<int> Instance::*>;

/// One plain field of an instance; JSON and SQL both use `name`.
struct InstanceField {
    std::string_view name;
    InstanceMember member;
    bool partB = false;        ///< ours; left out of JSON when there is nothing to tell
    bool mostlyUnique = false; ///< each instance has its own word: not worth interning
};

/// Every field but id, status, assessment and held, which have a form of their own.
std::span<const InstanceField> instanceFields();

} // namespace vigie
