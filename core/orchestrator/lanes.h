#pragma once

#include "core/base/task.h"

#include <functional>
#include <memory>
#include <vector>

namespace vigie {

/// Runs `work` for every item, at most `lanes` at once, in order of the items; over when all are.
/// Once a stop is requested no further item is begun.
template <typename Item>
Task<> inLanes(std::vector<Item> items, int lanes, std::function<Task<>(Item)> work,
               std::stop_token stop) {
    struct Queue {
        std::vector<Item> items;
        std::function<Task<>(Item)> work;
        std::stop_token stop;
        std::size_t next = 0;
    };
    const auto queue = std::make_shared<Queue>();
    queue->items = std::move(items);
    queue->work = std::move(work);
    queue->stop = std::move(stop);
    const auto lane = [](std::shared_ptr<Queue> shared) -> Task<> {
        while (shared->next < shared->items.size() && !shared->stop.stop_requested()) {
            Item item = shared->items[shared->next++];
            Task<> task = shared->work(std::move(item));
            co_await task;
        }
    };
    std::vector<Task<>> running;
    for (int i = 0; i < lanes && queue->next < queue->items.size(); ++i)
        running.push_back(lane(queue));
    for (Task<>& task : running)
        co_await task;
}

} // namespace vigie
