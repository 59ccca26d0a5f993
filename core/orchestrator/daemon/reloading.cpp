#include "core/orchestrator/daemon/reloading.h"

#include "core/http/servertls.h"
#include "core/orchestrator/daemon/daemoncalls.h"
#include "core/orchestrator/daemon/daemonhealth.h"
#include "core/orchestrator/daemon/tlsfiles.h"
#include "core/orchestrator/policydesk.h"

namespace vigie {

Outcome<void> reload(const Reloadable& parts, const Settings& settings) {
    // A mistake anywhere must be found before anything is taken.
    std::shared_ptr<ServerTls> renewed;
    if (parts.replaceTls) { // whether to speak TLS waits for a restart
        auto read = tlsFilesOf(settings).and_then(readServerTls);
        if (!read)
            return fail(read.error());
        renewed = std::move(*read);
    }
    const auto checks = DaemonHealth::read(settings);
    if (!checks)
        return fail(checks.error());
    if (auto fits = parts.policy.check(settings); !fits)
        return fits;
    // It looks at every profile before it takes one; with it go the tasks.
    if (auto taken = parts.calls.reload(settings); !taken)
        return taken;
    parts.health.configure(*checks);
    if (renewed)
        parts.replaceTls(std::move(renewed));
    return parts.policy.configure(settings);
}

} // namespace vigie
