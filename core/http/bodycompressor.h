#pragma once

#include "core/http/responsebody.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace vigie {

/// Compresses bodies on a thread of its own, so that a large one delays neither the event loop nor
/// the other connections. Many clients that ask for one shared body cost one compression.
class BodyCompressor {
public:
    using Body = std::shared_ptr<const ResponseBody>;
    /// Called on the compressor's thread; null when compression does not help.
    using Done = std::function<void(Body)>;

    /// The thread starts with the first body.
    BodyCompressor() = default;
    /// Finishes the body in work and drops the waiting ones: their `done` is never called.
    ~BodyCompressor();
    BodyCompressor(const BodyCompressor&) = delete;
    BodyCompressor& operator=(const BodyCompressor&) = delete;

    /// Belongs to one thread.
    void compress(Body body, Done done);

private:
    struct Job {
        Body body;
        Done done;
    };
    struct Known {
        std::weak_ptr<const ResponseBody> original;
        Body compressed;
    };

    void run();
    Body compressed(const Body& body);

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Job> m_jobs;
    bool m_stopping = false;
    std::vector<Known> m_known; ///< the compressor's thread only
    std::thread m_thread;
};

} // namespace vigie
