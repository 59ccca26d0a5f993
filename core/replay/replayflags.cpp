#include "core/replay/replayflags.h"

#include <cmath>

namespace vigie {

namespace {

using Options = CircuitOptions;

std::chrono::nanoseconds ms(double number) {
    return std::chrono::nanoseconds(std::llround(number * 1e6));
}

struct Field {
    const char* name;
    const char* option; ///< what CircuitOptions::problem() calls it
    const char* valueName;
    const char* help;
    double most; ///< least is 0
    bool whole;
    void (*set)(Options&, double);
};

constexpr double mostCount = 1e6, longestMs = 1e12;

constexpr Field fields[] = {
    {"consecutive-failures", "consecutiveFailures", "N",
     "Open at so many failures in a row; 0: off (the default is 5)", mostCount, true,
     [](Options& o, double v) { o.consecutiveFailures = int(v); }},
    {"failure-rate", "failureRateThreshold", "SHARE",
     "Open at this share of failed calls, 0..1; 0: off (the default)", 1, false,
     [](Options& o, double v) { o.failureRateThreshold = v; }},
    {"slow-call-rate", "slowCallRateThreshold", "SHARE",
     "Open at this share of slow calls, 0..1; 0: off (the default)", 1, false,
     [](Options& o, double v) { o.slowCallRateThreshold = v; }},
    {"slow-call-ms", "slowCallDurationThreshold", "MS", "A call is slow from so long on", longestMs,
     false, [](Options& o, double v) { o.slowCallDurationThreshold = ms(v); }},
    {"window-size", "slidingWindowSize", "N",
     "So many calls, or seconds, that rates are taken over", mostCount, true,
     [](Options& o, double v) { o.slidingWindowSize = int(v); }},
    {"minimum-calls", "minimumNumberOfCalls", "N",
     "So many calls must be in the window before a rate counts", mostCount, true,
     [](Options& o, double v) { o.minimumNumberOfCalls = int(v); }},
    {"wait-ms", "waitDurationInOpenState", "MS", "Stay open so long before a trial", longestMs,
     false, [](Options& o, double v) { o.waitDurationInOpenState = ms(v); }},
    {"wait-factor", "waitDurationFactor", "FACTOR",
     "Each relapse multiplies the wait by this, 1..100", 100, false,
     [](Options& o, double v) { o.waitDurationFactor = v; }},
    {"max-wait-ms", "maxWaitDurationInOpenState", "MS", "The cap of a wait that grows", longestMs,
     false, [](Options& o, double v) { o.maxWaitDurationInOpenState = ms(v); }},
    {"healthy-spell-ms", "healthySpell", "MS", "Closed so long takes one relapse back", longestMs,
     false, [](Options& o, double v) { o.healthySpell = ms(v); }},
    {"half-open-calls", "permittedNumberOfCallsInHalfOpenState", "N", "So many trial calls at once",
     mostCount, true,
     [](Options& o, double v) { o.permittedNumberOfCallsInHalfOpenState = int(v); }},
    {"half-open-failures", "permittedFailuresInHalfOpenState", "N",
     "So many trial calls of a round may fail", mostCount, true,
     [](Options& o, double v) { o.permittedFailuresInHalfOpenState = int(v); }},
    {"successes-to-close", "successesToClose", "N", "So many successful trial calls close it",
     mostCount, true, [](Options& o, double v) { o.successesToClose = int(v); }},
};

const QString windowFlag = QStringLiteral("window");

tl::unexpected<Failure> wrong(const QString& name, const QString& value, const QString& expected) {
    return fail(FailureKind::Invalid,
                QStringLiteral("--%1 is \"%2\", expected %3").arg(name, value, expected));
}

/// A problem of the options as a whole, under the name of the flag that it is about.
tl::unexpected<Failure> wrongTogether(const std::string& problem) {
    for (const Field& field : fields) {
        if (problem.starts_with(std::string(field.option) + ' '))
            return fail(FailureKind::Invalid,
                        QStringLiteral("--%1: %2")
                            .arg(QString::fromLatin1(field.name), QString::fromStdString(problem)));
    }
    return fail(FailureKind::Invalid, QString::fromStdString(problem));
}

} // namespace

std::vector<ReplayFlag> replayFlags() {
    std::vector<ReplayFlag> flags;
    for (const Field& field : fields)
        flags.push_back({QString::fromLatin1(field.name), QString::fromLatin1(field.valueName),
                         QString::fromLatin1(field.help)});
    flags.push_back({windowFlag, QStringLiteral("TYPE"),
                     QStringLiteral("What rates are taken over: count_based or time_based")});
    return flags;
}

Outcome<CircuitOptions> circuitOptionsFrom(const std::function<QString(const QString&)>& valueOf) {
    CircuitOptions options;
    options.name = "replay";
    for (const Field& field : fields) {
        const QString name = QString::fromLatin1(field.name);
        const QString text = valueOf(name);
        if (text.isEmpty())
            continue;
        bool good = false;
        const double value = text.toDouble(&good);
        if (!good || !(value >= 0 && value <= field.most) ||
            (field.whole && value != std::floor(value)))
            return wrong(
                name, text,
                QStringLiteral("a %1 in 0..%2")
                    .arg(field.whole ? QStringLiteral("whole number") : QStringLiteral("number"))
                    .arg(field.most, 0, 'g', 15));
        field.set(options, value);
    }
    if (const QString type = valueOf(windowFlag); type == QLatin1String("time_based"))
        options.slidingWindowType = SlidingWindowType::TimeBased;
    else if (!type.isEmpty() && type != QLatin1String("count_based"))
        return wrong(windowFlag, type, QStringLiteral("count_based or time_based"));
    if (const std::string problem = options.problem(); !problem.empty())
        return wrongTogether(problem);
    return options;
}

} // namespace vigie
