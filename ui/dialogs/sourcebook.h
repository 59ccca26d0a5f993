#pragma once

#include "core/model/command.h"

#include <functional>
#include <vector>

namespace vigie {

/// Where a secret went when a source was saved.
enum class SecretFate { None, Keychain, ThisSessionOnly };

/// The sources an operator configured, across sessions; secrets are kept apart from them.
class SourceBook {
public:
    virtual ~SourceBook() = default;
    virtual std::vector<SourceConfig> sources() const = 0;
    /// Adds or replaces by id. `done` is called once, maybe later, with where the secret went and,
    /// for ThisSessionOnly, why.
    virtual void save(const SourceConfig& source,
                      std::function<void(SecretFate, const QString& why)> done) = 0;
    virtual void remove(const SourceId& id) = 0;
};

} // namespace vigie
