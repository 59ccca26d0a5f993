#pragma once

#include "core/alerts/silence.h"

#include <QByteArray>
#include <QStringList>

#include <optional>
#include <span>

namespace vigie {

/// One alert with what is known around it, for Alertmanager's API v2.
struct ToldAlert {
    Alert alert;
    QStringList silencedBy; ///< ids
    /// When this answer is out of date; nothing: it is told anew with every change.
    std::optional<WallTime> endsAt{};
};

/// GET /alerts: `gettableAlerts` of Alertmanager's API v2.
QByteArray encodeAlerts(std::span<const ToldAlert> alerts);

/// What Alertmanager's POST /api/v2/alerts wants: `postableAlerts`, each with its `endsAt`.
/// `generator` is where a person finds who tells it.
QByteArray encodePostableAlerts(std::span<const ToldAlert> alerts, const QString& generator);

/// GET /silences: `gettableSilences`.
QByteArray encodeSilences(std::span<const Silence> silences, WallTime now);
/// One of them.
QByteArray encodeSilence(const Silence& silence, WallTime now);

/// What POST /silences answers.
QByteArray encodeSilenceId(const QString& id);

/// POST /silences: `postableSilence`. Its id is empty for a new one. Invalid, naming the field and
/// what is expected, for no or too many matchers (64), for matchers that all fit an alert without
/// that label, and for an end that is not after the beginning or not after `now`.
Outcome<Silence> decodeSilence(const QByteArray& body, WallTime now);
/// One that we encoded; nothing for what this version can't read.
std::optional<Silence> readSilence(const QByteArray& encoded);

} // namespace vigie
