#include "core/resilience/registry.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

namespace vigie {

struct Registry::Node {
    std::string key;
    std::size_t hash;
    std::string profile;
    std::string model; ///< empty but for forModel()
    std::shared_ptr<Pipeline> pipeline;
};

/// One cache line: the beginning of the key, which is nearly always all of it, and the pipeline.
struct alignas(64) Registry::Entry {
    Pipeline* pipeline = nullptr;
    const Node* node = nullptr;
    std::uint32_t size = 0;
    std::array<char, 44> start{};

    bool is(std::string_view key) const {
        if (key.size() != size)
            return false;
        const std::size_t here = std::min<std::size_t>(size, start.size());
        return std::memcmp(key.data(), start.data(), here) == 0 &&
               (size <= start.size() || key == node->key);
    }
};

/// Open addressing with linear probing, at most half full. A slot is half a hash and the number of
/// the entry plus one; it is only ever filled.
struct Registry::Table {
    explicit Table(std::size_t size) : mask(size - 1), slots(new std::atomic<std::uint64_t>[size]) {
        for (std::size_t i = 0; i < size; ++i)
            slots[i].store(0, std::memory_order_relaxed);
    }

    static std::uint64_t tagOf(std::size_t hash) { return std::uint64_t(hash >> 32) << 32; }
    void put(std::size_t hash, std::size_t number) const {
        for (std::size_t i = hash;; ++i) {
            std::atomic<std::uint64_t>& slot = slots[i & mask];
            if (slot.load(std::memory_order_relaxed))
                continue;
            slot.store(tagOf(hash) | (number + 1), std::memory_order_release);
            return;
        }
    }

    const std::size_t mask;
    const std::unique_ptr<std::atomic<std::uint64_t>[]> slots;
};

namespace {

std::size_t hashOf(std::string_view key) {
    return std::hash<std::string_view>()(key);
}

CallError invalid(std::string message) {
    return {ErrorClass::InvalidRequest, std::move(message), {}};
}

} // namespace

Registry::Registry(ProfileSet profiles, PipelineParts parts)
    : m_parts(std::move(parts)), m_profiles(std::move(profiles)) {
    assert(m_profiles.problem().empty());
    m_tables.push_back(std::make_unique<Table>(64));
    m_table = m_tables.back().get();
}

Registry::~Registry() = default;

Registry::Opened Registry::open(std::string_view key, std::string_view profile, Time now) {
    return open(key, profile, {}, now);
}

Registry::Opened Registry::forModel(std::string_view model, Time now) {
    return open("model:" + std::string(model), "llm-task", model, now);
}

Registry::Opened Registry::open(std::string_view key, std::string_view profile,
                                std::string_view model, Time now) {
    const std::lock_guard lock(m_mutex);
    if (const Entry* entry = entryOf(key)) {
        const Node& node = *entry->node;
        if (node.profile != profile)
            return invalid("\"" + node.key + "\" is under profile " + node.profile +
                           " and can't be opened under " + std::string(profile));
        return node.pipeline;
    }
    if (key.empty())
        return invalid("a pipeline needs a key that is not empty");
    if (!m_profiles.find(profile))
        return invalid("\"" + std::string(key) + "\": " + m_profiles.unknown(profile));
    if (m_nodes.size() >= maxKeys)
        return invalid("\"" + std::string(key) + "\" would be one key more than " +
                       std::to_string(maxKeys));
    const std::size_t hash = hashOf(key);
    auto node = std::make_unique<Node>(
        Node{std::string(key), hash, std::string(profile), std::string(model), nullptr});
    node->pipeline =
        std::make_shared<Pipeline>(node->key, profileOf(*node, m_profiles), m_parts, now);
    m_nodes.push_back(std::move(node));
    insert(hash);
    return m_nodes.back()->pipeline;
}

Profile Registry::profileOf(const Node& node, const ProfileSet& profiles) {
    const Profile& profile = *profiles.find(node.profile);
    return node.model.empty() ? profile : profile.forModel(node.model);
}

// The newest node. Its entry is complete before the table shows it.
void Registry::insert(std::size_t hash) {
    const std::size_t number = m_nodes.size() - 1;
    const Node& node = *m_nodes.back();
    auto& chunk = m_chunks[number / chunkSize];
    if (!chunk)
        chunk = std::make_unique<Entry[]>(chunkSize);
    Entry& entry = chunk[number % chunkSize];
    entry.pipeline = node.pipeline.get();
    entry.node = &node;
    entry.size = std::uint32_t(node.key.size());
    std::copy_n(node.key.data(), std::min(node.key.size(), entry.start.size()), entry.start.data());

    const Table* table = m_table.load(std::memory_order_relaxed);
    if (2 * m_nodes.size() <= table->mask + 1) {
        table->put(hash, number);
        return;
    }
    auto larger = std::make_unique<Table>(2 * (table->mask + 1));
    for (std::size_t i = 0; i < m_nodes.size(); ++i)
        larger->put(m_nodes[i]->hash, i);
    m_table.store(larger.get(), std::memory_order_release);
    m_tables.push_back(std::move(larger));
}

const Registry::Entry* Registry::entryOf(std::string_view key) const {
    const Table& table = *m_table.load(std::memory_order_acquire);
    const std::size_t hash = hashOf(key);
    for (std::size_t i = hash;; ++i) {
        const std::uint64_t slot = table.slots[i & table.mask].load(std::memory_order_acquire);
        if (!slot)
            return nullptr;
        if ((slot & ~std::uint64_t(0xffffffff)) != Table::tagOf(hash))
            continue;
        const std::size_t number = std::uint32_t(slot) - 1;
        const Entry& entry = m_chunks[number / chunkSize][number % chunkSize];
        if (entry.is(key))
            return &entry;
    }
}

Pipeline* Registry::find(std::string_view key) const {
    const Entry* entry = entryOf(key);
    return entry ? entry->pipeline : nullptr;
}

std::vector<std::shared_ptr<Pipeline>> Registry::pipelines() const {
    const std::lock_guard lock(m_mutex);
    std::vector<std::shared_ptr<Pipeline>> all;
    all.reserve(m_nodes.size());
    for (const auto& node : m_nodes)
        all.push_back(node->pipeline);
    return all;
}

ProfileSet Registry::profiles() const {
    const std::lock_guard lock(m_mutex);
    return m_profiles;
}

std::string Registry::reload(ProfileSet profiles, Time now) {
    if (std::string wrong = profiles.problem(); !wrong.empty())
        return wrong;
    const std::lock_guard lock(m_mutex);
    for (const auto& node : m_nodes) {
        if (!profiles.find(node->profile))
            return "\"" + node->key + "\" needs it: " + profiles.unknown(node->profile);
    }
    for (const auto& node : m_nodes) {
        if (std::string wrong = node->pipeline->reload(profileOf(*node, profiles), now);
            !wrong.empty())
            return wrong; // can't be: each profile was found usable above
    }
    m_profiles = std::move(profiles);
    return {};
}

} // namespace vigie
