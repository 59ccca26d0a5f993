#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace vigie {

/// How long results are kept, and how many.
struct CacheOptions {
    std::chrono::nanoseconds ttl = std::chrono::seconds(30); ///< above 0, a day at most
    int maxEntries = 1000; ///< 1 .. 1000000; the least recently used goes first

    /// Empty when usable, else a sentence naming the field, its value and the range.
    std::string problem() const;
};

/// Recent results by key. Any thread. Values are shared and immutable; one of another type than is
/// asked for is not found.
class Cache {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// Precondition: options.problem() is empty.
    explicit Cache(const CacheOptions& options) : m_options(options) {}

    template <class T>
    std::shared_ptr<const T> find(std::string_view key, Time now) {
        return std::static_pointer_cast<const T>(get(key, typeOf<T>(), now));
    }
    template <class T>
    void store(std::string_view key, T value, Time now) {
        put(key, typeOf<T>(), std::make_shared<const T>(std::move(value)), now);
    }
    /// The same for who has lost the type: `type` is typeOf<T>() of the value.
    std::shared_ptr<const void> get(std::string_view key, const void* type, Time now);
    void put(std::string_view key, const void* type, std::shared_ptr<const void> value, Time now);
    template <class T>
    static const void* typeOf() {
        return &tag<T>;
    }

    void forget(std::string_view key);
    void clear();

    /// New limits; entries over the new bound go, the others live as long as they would have.
    void reconfigure(const CacheOptions& options);
    std::size_t size() const;
    std::uint64_t hits() const;
    std::uint64_t misses() const;

private:
    struct Entry {
        std::string key;
        const void* type;
        std::shared_ptr<const void> value;
        Time until;
    };
    using Entries = std::list<Entry>;
    template <class T>
    static inline char tag = 0; ///< its address stands for the type

    void shrink();

    mutable std::mutex m_mutex;
    CacheOptions m_options;
    Entries m_entries; ///< most recently used first
    std::unordered_map<std::string_view, Entries::iterator> m_byKey;
    std::uint64_t m_hits = 0;
    std::uint64_t m_misses = 0;
};

} // namespace vigie
