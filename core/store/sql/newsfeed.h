#pragma once

#include "core/store/store.h"

#include <functional>

namespace vigie::stores::sql {

/// How a store learns what other orchestrators write to its database.
class NewsFeed {
public:
    virtual ~NewsFeed() = default;
    /// Calls `listener` on this thread from now on; once at first with `everything`, because what
    /// was written before nobody was listening to.
    virtual void begin(std::function<void(StoreNews)> listener) = 0;
};

} // namespace vigie::stores::sql
