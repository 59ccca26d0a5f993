#include "core/resilience/registry.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

namespace vigie {

/// What a lookup reads comes first and lies together: the beginning of the key, and the pipeline.
struct alignas(128) Registry::Node {
    Node(std::string_view k, std::size_t h, std::string_view p, std::string_view m)
        : size(k.size()), hash(h), key(k), profile(p), model(m) {
        std::copy_n(k.data(), std::min(k.size(), start.size()), start.data());
    }
    bool is(std::string_view other) const {
        if (other.size() != size ||
            std::memcmp(other.data(), start.data(), std::min(size, start.size())) != 0)
            return false;
        return size <= start.size() ||
               std::memcmp(other.data() + start.size(), key.data() + start.size(),
                           size - start.size()) == 0;
    }

    std::shared_ptr<Pipeline> pipeline;
    const std::size_t size;
    std::array<char, 104> start{};
    const std::size_t hash;
    const std::string key;
    const std::string profile;
    const std::string model; ///< empty but for forModel()
};

/// Open addressing with linear probing, at most half full. Slots are only ever filled.
struct Registry::Table {
    struct Slot {
        std::atomic<std::size_t> hash{0};
        std::atomic<const Node*> node{nullptr};
    };

    explicit Table(std::size_t size) : mask(size - 1), slots(new Slot[size]) {}

    void put(const Node* node) const {
        for (std::size_t i = node->hash;; ++i) {
            Slot& slot = slots[i & mask];
            if (slot.node.load(std::memory_order_relaxed))
                continue;
            slot.hash.store(node->hash, std::memory_order_relaxed);
            slot.node.store(node, std::memory_order_release);
            return;
        }
    }

    const std::size_t mask;
    const std::unique_ptr<Slot[]> slots;
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
    const Table& table = *m_table.load(std::memory_order_relaxed);
    const std::size_t hash = hashOf(key);
    for (std::size_t i = hash;; ++i) {
        const Node* node = table.slots[i & table.mask].node.load(std::memory_order_relaxed);
        if (!node)
            break;
        if (!node->is(key))
            continue;
        if (node->profile != profile)
            return invalid("\"" + node->key + "\" is under profile " + node->profile +
                           " and can't be opened under " + std::string(profile));
        return node->pipeline;
    }
    if (key.empty())
        return invalid("a pipeline needs a key that is not empty");
    if (!m_profiles.find(profile))
        return invalid("\"" + std::string(key) + "\": " + m_profiles.unknown(profile));
    if (m_nodes.size() >= maxKeys)
        return invalid("\"" + std::string(key) + "\" would be one key more than " +
                       std::to_string(maxKeys));
    auto node = std::make_unique<Node>(key, hash, profile, model);
    node->pipeline =
        std::make_shared<Pipeline>(node->key, profileOf(*node, m_profiles), m_parts, now);
    m_nodes.push_back(std::move(node));
    insert(m_nodes.back().get());
    return m_nodes.back()->pipeline;
}

Profile Registry::profileOf(const Node& node, const ProfileSet& profiles) {
    const Profile& profile = *profiles.find(node.profile);
    return node.model.empty() ? profile : profile.forModel(node.model);
}

void Registry::insert(Node* node) {
    const Table* table = m_table.load(std::memory_order_relaxed);
    if (2 * m_nodes.size() <= table->mask + 1) {
        table->put(node);
        return;
    }
    auto larger = std::make_unique<Table>(2 * (table->mask + 1));
    for (const auto& each : m_nodes)
        larger->put(each.get());
    m_table.store(larger.get(), std::memory_order_release);
    m_tables.push_back(std::move(larger));
}

Pipeline* Registry::find(std::string_view key) const {
    const Table& table = *m_table.load(std::memory_order_acquire);
    const std::size_t hash = hashOf(key);
    for (std::size_t i = hash;; ++i) {
        const Table::Slot& slot = table.slots[i & table.mask];
        const Node* node = slot.node.load(std::memory_order_acquire);
        if (!node)
            return nullptr;
        if (slot.hash.load(std::memory_order_relaxed) == hash && node->is(key))
            return node->pipeline.get();
    }
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
