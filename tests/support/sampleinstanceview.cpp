#include "tests/support/sampleinstanceview.h"

#include "tests/support/samplesnapshot.h"

#include <algorithm>

namespace vigie {

using namespace std::chrono_literals;

namespace {

QString word(const char* text) {
    return QString::fromUtf8(text);
}

struct Kind {
    InstanceStatus status = InstanceStatus::Ready;
    Verdict verdict = Verdict::Alive;
    const char* rule = "fresh-serving";
    std::chrono::milliseconds heartbeatAge = 3s;
    double phi = 0.4;
    const char* error = "";
};

Kind kindOf(int number) {
    switch (number) {
    case 3:
    case 9:
    case 15:
    case 21:
        return {InstanceStatus::WorkerDead, Verdict::Dead, "silent-probe-failing", 372s, 41,
                "HEARTBEAT_TIMEOUT"};
    case 5:
        return {InstanceStatus::Unavailable, Verdict::Suspect, "silent-serving", 344s, 36, ""};
    case 8:
        return {InstanceStatus::Unavailable,
                Verdict::Suspect,
                "fresh-not-serving",
                2s,
                0.3,
                "PROBE_FAILED"};
    case 12:
        return {InstanceStatus::Ready, Verdict::Suspect, "late", 41s, 9.2, ""};
    case 14:
        return {InstanceStatus::Booting, Verdict::Unknown, "waiting-for-beat", 0s, 0, ""};
    case 17:
        return {InstanceStatus::Installing, Verdict::Alive, "starting-beating", 4s, 0.2, ""};
    case 20:
        return {InstanceStatus::StartupFailed,
                Verdict::Unknown,
                "not-watched",
                0s,
                0,
                "STARTUP_TIMEOUT"};
    case 26:
        return {InstanceStatus::Terminated, Verdict::Gone, "absent", 0s, 0, ""};
    default:
        return {};
    }
}

std::array<BeatTick, 60> beatsOf(int number, const Kind& kind) {
    std::array<BeatTick, 60> beats{};
    for (size_t i = 0; i < beats.size(); ++i) {
        const int noise = (number * 31 + static_cast<int>(i) * 17) % 53;
        beats[i] = noise == 0 ? BeatTick::Late : BeatTick::OnTime;
    }
    const auto tail = [&](size_t count, BeatTick tick) {
        std::fill(beats.end() - static_cast<ptrdiff_t>(count), beats.end(), tick);
    };
    if (kind.heartbeatAge > 300s)
        tail(52, BeatTick::Missed);
    else if (kind.heartbeatAge > 10s)
        tail(7, BeatTick::Late);
    else if (kind.heartbeatAge == 0s)
        beats.fill(BeatTick::Unknown);
    return beats;
}

std::vector<Evidence> evidenceOf(const Kind& kind) {
    const WallTime now = sampleNow();
    const QString beat =
        kind.heartbeatAge > 30s ? word("silent for 6 min 12 s") : word("last beat 3 s ago");
    const bool dead = kind.verdict == Verdict::Dead;
    return {{word("heartbeat"), beat, now - 2s},
            {word("probe"),
             dead ? word("readyz: connection refused, 4 times in a row") : word("ok"), now - 6s},
            {word("provider"), dead ? word("running") : word("exists"), now - 21s},
            {word("orchestrator"), toString(kind.status), now - 2s}};
}

} // namespace

QString sampleUuid(int number) {
    const quint32 mixed = static_cast<quint32>(number) * 2654435761U;
    return QStringLiteral("%1-%2-4%3-8%4-%5")
        .arg(mixed, 8, 16, QLatin1Char('0'))
        .arg(number * 37 % 65536, 4, 16, QLatin1Char('0'))
        .arg(number * 11 % 4096, 3, 16, QLatin1Char('0'))
        .arg(number * 7 % 4096, 3, 16, QLatin1Char('0'))
        .arg(static_cast<quint64>(mixed) * 97 % 0xffffffffffffULL, 12, 16, QLatin1Char('0'));
}

InstanceView sampleInstance(int number, const SourceId& source, Freshness freshness) {
    static const char* zones[] = {"fr-par-1", "fr-par-2", "nl-ams-1"};
    static const char* types[] = {"L4-1-24G", "H100-1-80G", "L40S-2-48G"};
    static const char* models[] = {"llama-3-8b-instruct", "mistral-small-24b", "gemma-3-27b-it"};
    const Kind kind = kindOf(number);
    const bool working = kind.status == InstanceStatus::Ready;
    InstanceView view;
    Instance& i = view.instance;
    i.id = InstanceId(sampleUuid(number + 1));
    i.status = kind.status;
    i.statusText = toString(kind.status);
    i.providerInstanceId = sampleUuid(number + 5000);
    i.providerName = number % 4 == 0 ? word("mock") : word("scaleway");
    // The dead ones stand together: what they share is the cause to look for.
    const int place = kind.verdict == Verdict::Dead ? 1 : number % 3 == 1 ? 0 : number % 3;
    i.zone = QString::fromLatin1(zones[place]);
    i.region = i.zone.left(6);
    i.instanceType = QString::fromLatin1(types[number % 3]);
    i.modelCode = i.modelName = QString::fromLatin1(models[number % 3]);
    i.ipAddress = QStringLiteral("10.0.%1.%2").arg(number / 250).arg(number % 250 + 1);
    i.gpuCount = number % 3 == 2 ? 2 : 1;
    i.gpuVram = number % 3 == 1 ? 80 : 48;
    if (working) {
        i.workerGpuUtilization = (number * 37) % 96;
        i.workerQueueDepth = (number * 13) % 9;
        i.workerMetadata = QByteArray("{\"gpus\":[{\"index\":0,\"gpu_mem_used_mb\":") +
                           QByteArray::number(9000 + number * 300 % 9000) +
                           ",\"gpu_mem_total_mb\":24576,\"gpu_temp_c\":61,\"gpu_power_w\":58}],"
                           "\"system\":{\"cpu_usage_pct\":23,\"mem_used_pct\":41}}";
    }
    i.createdAt = sampleNow() - 3h - std::chrono::minutes(number * 17);
    i.readyAt = *i.createdAt + 11min;
    i.stateSince = sampleNow() - kind.heartbeatAge - 40s;
    if (kind.heartbeatAge > 0s)
        i.workerLastHeartbeat =
            sampleNow() - std::chrono::duration_cast<std::chrono::milliseconds>(kind.heartbeatAge);
    i.costPerHour = 0.75 + 0.55 * (number % 3);
    i.totalCost = *i.costPerHour * (3 + number * 0.28);
    i.progressPercent = working ? 100 : isStarting(kind.status) ? 60 : 0;
    i.retryCount = kind.verdict == Verdict::Dead ? 1 : 0;
    i.errorCode = QString::fromLatin1(kind.error);
    if (!i.errorCode.isEmpty())
        i.errorMessage = word("readyz did not answer: connection refused (10.0.0.9:8080)");
    i.correlationId = sampleUuid(number + 900);
    i.pool = QStringLiteral("%1/%2/%3").arg(i.providerName, i.zone, i.modelCode);
    view.source = source;
    view.freshness = freshness;
    const bool blind = freshness == Freshness::Stale || freshness == Freshness::Unreachable;
    view.assessment.verdict =
        blind && kind.verdict == Verdict::Alive ? Verdict::Unknown : kind.verdict;
    view.assessment.rule = blind ? word("source-blind") : QString::fromLatin1(kind.rule);
    view.assessment.phi = kind.phi;
    if (kind.heartbeatAge > 0s)
        view.assessment.heartbeatAge = kind.heartbeatAge;
    view.assessment.evidence = evidenceOf(kind);
    if (kind.verdict == Verdict::Dead)
        view.assessment.blockedBy = word("blast radius: 1 of 5 in recovery, 20 % allowed");
    view.advisory = source.value() == word("legacy");
    view.timeInState = kind.heartbeatAge + 40s + std::chrono::minutes(working ? 170 : 2);
    if (isStarting(kind.status))
        view.stateLimit = 7200s;
    view.beats = beatsOf(number, kind);
    view.firstSeen = sampleNow() - 2h;
    return view;
}

} // namespace vigie
