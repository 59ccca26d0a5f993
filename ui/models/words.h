#pragma once

#include "core/model/fleetsnapshot.h"

#include <QString>

namespace vigie {

// The words of the model in the operator's language; `toString` stays for the wire.
QString word(Verdict verdict);
QString word(Verdict verdict, int instances); ///< as it stands behind their number
QString word(Freshness freshness);
QString word(BreakerMode mode);
QString word(Severity severity);
QString word(AlertState state);
QString word(InstanceStatus status);
QString word(Action action); ///< an imperative: "Terminate"
QString word(ItemState state);
QString word(ActionLogStatus status);
QString word(VolumeStatus status);

/// "850 ms", "14 s", "3 min 20 s", "2 h 05 min", "3 d 04 h" in the operator's language.
QString durationText(Duration duration);
/// Like durationText(), but one unit only: for narrow columns.
QString shortDuration(Duration duration);
/// "14 s ago"; "now" below a second and for stamps slightly in the future.
QString ageText(WallTime at, WallTime now);
/// "2026-11-22 04:23:54 CET": absolute, with its zone, in the machine's time zone.
QString timeText(WallTime at);
/// "04:23:54", for logs of today and axes.
QString clockText(WallTime at);
/// An id short enough for a column: "3f2a91…9c1e"; texts of up to 13 characters stay whole.
QString shortId(const QString& id);
/// What people call a volume: its name, or the beginning of its id.
QString nameOf(const Volume& volume);
/// A latency with three significant figures: "0.85 ms", "38 ms", "1.24 s".
QString latencyText(double seconds);
QString latencyText(Duration duration);
/// A count with the language's group separators.
QString countText(qint64 count);
/// "1.24 €/h" needs two decimals, "1,240 €" none.
QString moneyText(double euros);
QString numberText(double value, int decimals);

/// Why `action` may not be asked of the instance now, in the operator's language; empty when it
/// may. The decision is core's whyNot(); only the wording is here.
QString whyNotText(Action action, const Instance& instance);
/// The rule of the evidence table in words.
QString ruleText(const QString& rule);
/// What a guard of an orchestrator stands for, in a few words; the name itself when it is not
/// known.
QString guardText(const QString& guard);
QString failureWord(FailureKind kind);
/// A failure's sentence without the request it begins with ("GET https://...: "), for places that
/// name the source already and have little room.
QString withoutRequest(QString sentence);
/// A failure's sentence without the request it begins with ("GET https://...: "), for places that
/// name the source already and have little room.
QString withoutRequest(QString sentence);

} // namespace vigie
