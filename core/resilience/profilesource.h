#pragma once

#include "core/resilience/profileset.h"

#include <memory>
#include <mutex>
#include <utility>

namespace vigie {

/// Profiles that may change while a program runs, for those who took one of them: whoever calls
/// under one looks here whether others are in force. Any thread.
class ProfileSource {
public:
    explicit ProfileSource(ProfileSet profiles) { put(std::move(profiles)); }

    /// Never null. Another set than before means that profiles were put into force.
    std::shared_ptr<const ProfileSet> current() const {
        const std::lock_guard lock(m_mutex);
        return m_profiles;
    }
    void put(ProfileSet profiles) {
        auto made = std::make_shared<const ProfileSet>(std::move(profiles));
        const std::lock_guard lock(m_mutex);
        m_profiles = std::move(made);
    }

private:
    mutable std::mutex m_mutex;
    std::shared_ptr<const ProfileSet> m_profiles;
};

} // namespace vigie
