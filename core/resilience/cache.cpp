#include "core/resilience/cache.h"

#include "core/resilience/outofrange.h"

namespace vigie {

std::string CacheOptions::problem() const {
    if (ttl <= std::chrono::nanoseconds::zero() || ttl > std::chrono::hours(24))
        return outOfRange("ttl", ttl, "above 0, 24 h at most");
    if (maxEntries < 1 || maxEntries > 1'000'000)
        return outOfRange("maxEntries", maxEntries, "1 to 1000000");
    return {};
}

std::shared_ptr<const void> Cache::get(std::string_view key, const void* type, Time now) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_byKey.find(key);
    if (found == m_byKey.end() || found->second->type != type || found->second->until <= now) {
        ++m_misses;
        return {};
    }
    ++m_hits;
    m_entries.splice(m_entries.begin(), m_entries, found->second);
    return m_entries.front().value;
}

void Cache::put(std::string_view key, const void* type, std::shared_ptr<const void> value,
                Time now) {
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_byKey.find(key); found != m_byKey.end()) {
        m_entries.splice(m_entries.begin(), m_entries, found->second);
        Entry& entry = m_entries.front();
        entry.type = type;
        entry.value.swap(value); // the old one dies with the argument, after the lock
        entry.until = now + m_options.ttl;
        return;
    }
    m_entries.push_front({std::string(key), type, std::move(value), now + m_options.ttl});
    m_byKey.emplace(m_entries.front().key, m_entries.begin());
    shrink();
}

void Cache::forget(std::string_view key) {
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_byKey.find(key); found != m_byKey.end()) {
        const auto entry = found->second;
        m_byKey.erase(found);
        m_entries.erase(entry);
    }
}

void Cache::clear() {
    const std::lock_guard lock(m_mutex);
    m_byKey.clear();
    m_entries.clear();
}

void Cache::reconfigure(const CacheOptions& options) {
    const std::lock_guard lock(m_mutex);
    m_options = options;
    shrink();
}

void Cache::shrink() {
    while (m_entries.size() > std::size_t(m_options.maxEntries)) {
        m_byKey.erase(m_entries.back().key);
        m_entries.pop_back();
    }
}

std::size_t Cache::size() const {
    const std::lock_guard lock(m_mutex);
    return m_entries.size();
}

std::uint64_t Cache::hits() const {
    const std::lock_guard lock(m_mutex);
    return m_hits;
}

std::uint64_t Cache::misses() const {
    const std::lock_guard lock(m_mutex);
    return m_misses;
}

} // namespace vigie
