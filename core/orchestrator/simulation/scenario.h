#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"

#include <QStringList>

namespace vigie {

/// What happens to a made-up fleet, read from a TOML file.
struct Scenario {
    QString name, summary;
    int workers = 40, pools = 2;
    Duration length = std::chrono::hours(12);
    Duration tick = std::chrono::seconds(10);

    /// What befalls single workers: crash, silent_hang, agent_crash, hung_model, slow, flapping.
    QStringList faults;
    Duration faultEvery = std::chrono::minutes(30); ///< mean of exponentially distributed gaps
    Duration faultGap = std::chrono::minutes(10);   ///< shortest gap
    Duration faultLasts{};                          ///< then it heals by itself; 0: it does not
    double restartHelps = 0.8;                      ///< else only a reinstall does

    /// What befalls everybody: none, zone_outage, partition, mass_silence, provider_down,
    /// provider_lies, clock_steps, store_away, restarts.
    QString disturbance;
    Duration disturbanceEvery = std::chrono::hours(3);
    Duration disturbanceLasts = std::chrono::minutes(20);
    double deathShare = 0;   ///< of those in an outage that really stop serving
    Duration releaseInto{};  ///< a person releases the brake so long into an outage; 0: nobody
    Duration releaseAfter{}; ///< a person releases the brake so long after an outage; 0: nobody
};

/// Invalid, naming file, line, key and what is allowed.
Outcome<Scenario> readScenario(const QString& file);

/// The scenarios of this build: name and file of each.
std::vector<std::pair<QString, QString>> builtInScenarios();

} // namespace vigie
