#include "app/daemon/signals.h"

#include <QSocketNotifier>

#include <csignal>
#include <sys/signalfd.h>
#include <unistd.h>

namespace vigie {

class StopSignals::Private {
public:
    sigset_t watched{};
    int descriptor = -1;
    std::unique_ptr<QSocketNotifier> notifier;
};

StopSignals::StopSignals(std::function<void()> onStop, std::function<void()> onHangUp)
    : d(std::make_unique<Private>()) {
    sigemptyset(&d->watched);
    sigaddset(&d->watched, SIGTERM);
    sigaddset(&d->watched, SIGINT);
    if (onHangUp)
        sigaddset(&d->watched, SIGHUP);
    // Blocked before any thread is made, so that all inherit it and the descriptor gets the signal.
    pthread_sigmask(SIG_BLOCK, &d->watched, nullptr);
    d->descriptor = signalfd(-1, &d->watched, SFD_CLOEXEC | SFD_NONBLOCK);
    d->notifier = std::make_unique<QSocketNotifier>(d->descriptor, QSocketNotifier::Read);
    QObject::connect(d->notifier.get(), &QSocketNotifier::activated, d->notifier.get(),
                     [this, onStop = std::move(onStop), onHangUp = std::move(onHangUp)] {
                         signalfd_siginfo info{};
                         if (read(d->descriptor, &info, sizeof info) != sizeof info)
                             return;
                         if (info.ssi_signo == SIGHUP) {
                             onHangUp();
                             return;
                         }
                         d->notifier->setEnabled(false);
                         pthread_sigmask(SIG_UNBLOCK, &d->watched, nullptr);
                         onStop();
                     });
}

StopSignals::~StopSignals() {
    d->notifier.reset();
    close(d->descriptor);
}

} // namespace vigie
