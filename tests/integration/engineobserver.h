#pragma once

#include "core/runtime/enginehandle.h"

#include <QTest>

#include <functional>
#include <vector>

namespace vigie {

/// The dashboard's engine with somebody who watches every snapshot, as the window does.
class EngineObserver {
public:
    explicit EngineObserver(std::vector<SourceConfig> sources)
        : m_engine(options(std::move(sources)), [this](SnapshotPtr snapshot) {
              m_all.push_back(snapshot);
              m_last = std::move(snapshot);
              if (onSnapshot)
                  onSnapshot(m_last);
          }) {}

    /// Runs the event loop until a snapshot satisfies `wanted`; false after `timeoutMs`.
    template <typename Predicate>
    bool waitFor(Predicate wanted, int timeoutMs = 30'000) {
        return QTest::qWaitFor([&] { return m_last && wanted(*m_last); }, timeoutMs);
    }

    /// Also told of every snapshot: the window.
    std::function<void(const SnapshotPtr&)> onSnapshot;

    const FleetSnapshot& last() const { return *m_last; }
    SnapshotPtr lastPtr() const { return m_last; }
    const std::vector<SnapshotPtr>& all() const { return m_all; }
    void submit(Command command) { m_engine.submit(std::move(command)); }

private:
    static EngineOptions options(std::vector<SourceConfig> sources) {
        EngineOptions result;
        result.sources = std::move(sources);
        result.publishEvery = std::chrono::milliseconds(50);
        return result;
    }

    SnapshotPtr m_last;
    std::vector<SnapshotPtr> m_all;
    EngineHandle m_engine;
};

inline SourceConfig sourceAt(const QUrl& url, const QString& kind = {},
                             Duration interval = std::chrono::milliseconds(200)) {
    SourceConfig source;
    source.id = SourceId(QStringLiteral("under-test"));
    source.name = QStringLiteral("under test");
    source.kind = kind;
    source.url = url;
    source.interval = interval;
    return source;
}

} // namespace vigie
