#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <functional>

namespace vigie {

/// Turns SIGTERM and SIGINT into one call on the event loop. A second signal ends the program at
/// once, for the impatient. There is one for the life of the program.
class StopSignals : public QObject {
public:
    explicit StopSignals(std::function<void()> onStop);

private:
    std::function<void()> m_onStop;
    QSocketNotifier m_notifier;
};

} // namespace vigie
