#pragma once

#include "core/resilience/pipeline.h"
#include "core/resilience/profileset.h"

#include <array>
#include <memory>
#include <string_view>

namespace vigie {

/// The pipelines of a program by key, each under a profile. A pipeline stays as long as the
/// registry and whoever holds it, so that it serves as a handle and needs no second look. Any
/// thread; find() takes no lock. Names are never made up: a key nobody opened is not found, and a
/// profile nobody defined is refused.
class Registry {
public:
    using Time = Pipeline::Time;
    using Opened = Result<std::shared_ptr<Pipeline>>;
    static constexpr std::size_t maxKeys = 100'000; ///< more are refused

    /// `parts` are those of every pipeline. Precondition: profiles.problem() is empty.
    explicit Registry(ProfileSet profiles, PipelineParts parts = {});
    ~Registry();
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    /// The pipeline of `key`, made under that profile when the key is new. InvalidRequest for an
    /// unknown profile, an empty key, a key that is under another profile, or one too many.
    Opened open(std::string_view key, std::string_view profile, Time now);

    // The same under the profile of that name.
    Opened forApi(std::string_view key, Time now) { return open(key, "api", now); }
    Opened forDatabase(std::string_view key, Time now) { return open(key, "database", now); }
    Opened forFilesystem(std::string_view key, Time now) { return open(key, "filesystem", now); }
    Opened forWorkflowNode(std::string_view key, Time now) {
        return open(key, "workflow-node", now);
    }
    /// Under llm-task with the model's own time-out; the key is "model:" and the name.
    Opened forModel(std::string_view model, Time now);

    /// Null when nobody opened it.
    Pipeline* find(std::string_view key) const;
    /// All, in the order in which they were opened.
    std::vector<std::shared_ptr<Pipeline>> pipelines() const;
    ProfileSet profiles() const;

    /// Puts other profiles into force; breakers, budgets and limits keep their state. A sentence,
    /// and nothing changed, when one is unusable or one in use is missing.
    std::string reload(ProfileSet profiles, Time now);

private:
    struct Node;
    struct Entry;
    struct Table;

    Opened open(std::string_view key, std::string_view profile, std::string_view model, Time now);
    static Profile profileOf(const Node& node, const ProfileSet& profiles);
    const Entry* entryOf(std::string_view key) const;
    void insert(std::size_t hash);

    const PipelineParts m_parts;
    mutable std::mutex m_mutex; ///< of everything but reading m_table
    ProfileSet m_profiles;
    std::vector<std::unique_ptr<Node>> m_nodes;
    static constexpr std::size_t chunkSize = 1024;
    /// What a lookup reads, by number of the node; a chunk is made when its first entry is.
    std::array<std::unique_ptr<Entry[]>, maxKeys / chunkSize + 1> m_chunks;
    /// Readers hold no lock, so tables that were outgrown stay; each is half of the next.
    std::vector<std::unique_ptr<Table>> m_tables;
    std::atomic<const Table*> m_table{nullptr};
};

} // namespace vigie
