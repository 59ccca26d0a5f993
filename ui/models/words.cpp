#include "ui/models/words.h"

#include "core/base/timeformat.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

#include <cmath>

namespace vigie {

namespace {

struct W {
    Q_DECLARE_TR_FUNCTIONS(Words)
};

QDateTime local(WallTime at) {
    return QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count()).toLocalTime();
}

QString two(qint64 n) {
    return QStringLiteral("%1").arg(n, 2, 10, QLatin1Char('0'));
}

} // namespace

QString word(Verdict verdict) {
    switch (verdict) {
    case Verdict::Unknown:
        return W::tr("unknown", "verdict");
    case Verdict::Alive:
        return W::tr("alive");
    case Verdict::Suspect:
        return W::tr("suspect");
    case Verdict::Dead:
        return W::tr("dead");
    case Verdict::Gone:
        return W::tr("gone");
    }
    return {};
}

QString word(Verdict verdict, int instances) {
    switch (verdict) {
    case Verdict::Unknown:
        return W::tr("unknown", "instances", instances);
    case Verdict::Alive:
        return W::tr("alive", "instances", instances);
    case Verdict::Suspect:
        return W::tr("suspect", "instances", instances);
    case Verdict::Dead:
        return W::tr("dead", "instances", instances);
    case Verdict::Gone:
        return W::tr("gone", "instances", instances);
    }
    return {};
}

QString word(Freshness freshness) {
    switch (freshness) {
    case Freshness::Waiting:
        return W::tr("waiting");
    case Freshness::Live:
        return W::tr("live");
    case Freshness::Late:
        return W::tr("late");
    case Freshness::Stale:
        return W::tr("stale");
    case Freshness::Unreachable:
        return W::tr("unreachable");
    }
    return {};
}

QString word(BreakerMode mode) {
    switch (mode) {
    case BreakerMode::Closed:
        return W::tr("closed");
    case BreakerMode::HalfOpen:
        return W::tr("half-open");
    case BreakerMode::Open:
        return W::tr("open");
    case BreakerMode::ForcedOpen:
        return W::tr("forced open");
    case BreakerMode::ForcedClosed:
        return W::tr("forced closed");
    case BreakerMode::Disabled:
        return W::tr("disabled");
    case BreakerMode::MetricsOnly:
        return W::tr("metrics only");
    }
    return {};
}

QString word(Severity severity) {
    switch (severity) {
    case Severity::Info:
        return W::tr("info");
    case Severity::Warning:
        return W::tr("warning");
    case Severity::Critical:
        return W::tr("critical");
    }
    return {};
}

QString word(AlertState state) {
    switch (state) {
    case AlertState::Pending:
        return W::tr("pending");
    case AlertState::Firing:
        return W::tr("firing");
    case AlertState::Resolved:
        return W::tr("resolved");
    }
    return {};
}

QString word(InstanceStatus status) {
    switch (status) {
    case InstanceStatus::Provisioning:
        return W::tr("provisioning");
    case InstanceStatus::Booting:
        return W::tr("booting");
    case InstanceStatus::Installing:
        return W::tr("installing");
    case InstanceStatus::Starting:
        return W::tr("starting");
    case InstanceStatus::Ready:
        return W::tr("ready");
    case InstanceStatus::Unavailable:
        return W::tr("unavailable");
    case InstanceStatus::Draining:
        return W::tr("draining");
    case InstanceStatus::WorkerDead:
        return W::tr("worker dead");
    case InstanceStatus::Terminating:
        return W::tr("terminating");
    case InstanceStatus::Terminated:
        return W::tr("terminated");
    case InstanceStatus::Archived:
        return W::tr("archived");
    case InstanceStatus::Failed:
        return W::tr("failed");
    case InstanceStatus::ProvisioningFailed:
        return W::tr("provisioning failed");
    case InstanceStatus::StartupFailed:
        return W::tr("startup failed");
    case InstanceStatus::Unknown:
        return W::tr("unknown", "instance status");
    }
    return {};
}

QString word(Action action) {
    switch (action) {
    case Action::Terminate:
        return W::tr("Terminate");
    case Action::Reinstall:
        return W::tr("Reinstall");
    case Action::Archive:
        return W::tr("Archive");
    case Action::RestartWorker:
        return W::tr("Restart worker");
    case Action::Replace:
        return W::tr("Replace");
    case Action::Drain:
        return W::tr("Drain");
    case Action::Undrain:
        return W::tr("Undrain");
    case Action::Hold:
        return W::tr("Hold");
    case Action::Release:
        return W::tr("Release");
    case Action::DeleteVolume:
        return W::tr("Delete volume");
    }
    return {};
}

QString word(ItemState state) {
    switch (state) {
    case ItemState::Waiting:
        return W::tr("waiting");
    case ItemState::Running:
        return W::tr("running");
    case ItemState::Done:
        return W::tr("accepted");
    case ItemState::Failed:
        return W::tr("failed");
    case ItemState::Skipped:
        return W::tr("skipped");
    case ItemState::OutcomeUnknown:
        return W::tr("outcome unknown");
    }
    return {};
}

QString word(ActionLogStatus status) {
    switch (status) {
    case ActionLogStatus::InProgress:
        return W::tr("in progress");
    case ActionLogStatus::Success:
        return W::tr("success");
    case ActionLogStatus::Failed:
        return W::tr("failed");
    }
    return {};
}

QString word(VolumeStatus status) {
    switch (status) {
    case VolumeStatus::Unknown:
        return W::tr("unknown", "volume status");
    case VolumeStatus::Attached:
        return W::tr("attached");
    case VolumeStatus::Detached:
        return W::tr("detached");
    case VolumeStatus::Deleting:
        return W::tr("deleting");
    case VolumeStatus::Deleted:
        return W::tr("deleted");
    }
    return {};
}

QString durationText(Duration duration) {
    if (duration < Duration::zero())
        return QStringLiteral("-") + durationText(-duration);
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
    const auto s = ms / 1000;
    if (ms < 1000)
        return W::tr("%1 ms").arg(ms);
    if (s < 60)
        return W::tr("%1 s").arg(s);
    if (s < 3600)
        return W::tr("%1 min %2 s").arg(s / 60).arg(two(s % 60));
    if (s < 86'400)
        return W::tr("%1 h %2 min").arg(s / 3600).arg(two(s / 60 % 60));
    return W::tr("%1 d %2 h").arg(s / 86'400).arg(two(s / 3600 % 24));
}

QString shortDuration(Duration duration) {
    const auto s = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
    if (s < 60)
        return s < 1 ? W::tr("%1 s").arg(0) : W::tr("%1 s").arg(s);
    if (s < 3600)
        return W::tr("%1 min").arg(s / 60);
    if (s < 86'400)
        return W::tr("%1 h").arg(s / 3600);
    return W::tr("%1 d").arg(s / 86'400);
}

QString ageText(WallTime at, WallTime now) {
    const auto age = now - at;
    if (age < std::chrono::seconds(1))
        return W::tr("now");
    return W::tr("%1 ago").arg(age < std::chrono::hours(1) ? shortDuration(age)
                                                           : durationText(age));
}

QString timeText(WallTime at) {
    const QDateTime when = local(at);
    return when.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss ")) + when.timeZoneAbbreviation();
}

QString clockText(WallTime at) {
    return local(at).toString(QStringLiteral("HH:mm:ss"));
}

QString shortId(const QString& id) {
    return id.size() <= 13 ? id : id.left(6) + QChar(0x2026) + id.right(4);
}

QString nameOf(const Volume& volume) {
    return shortId(volume.name.isEmpty() ? volume.id.value() : volume.name);
}

QString latencyText(double seconds) {
    if (!std::isfinite(seconds))
        return QStringLiteral("–");
    const auto figures = [](double value) {
        return numberText(value, value >= 100 ? 0 : value >= 10 ? 1 : 2);
    };
    if (seconds < 1e-3)
        return W::tr("%1 µs").arg(numberText(seconds * 1e6, 0));
    if (seconds < 1)
        return W::tr("%1 ms").arg(figures(seconds * 1e3));
    if (seconds < 120)
        return W::tr("%1 s").arg(figures(seconds));
    return durationText(fromSeconds(seconds));
}

QString latencyText(Duration duration) {
    return latencyText(toSeconds(duration));
}

QString countText(qint64 count) {
    return QLocale().toString(count);
}

QString moneyText(double euros) {
    return QLocale().toString(euros, 'f', std::abs(euros) < 1000 ? 2 : 0) + QStringLiteral(" €");
}

QString numberText(double value, int decimals) {
    return QLocale().toString(value, 'f', decimals);
}

} // namespace vigie
