#pragma once

#include "core/watchdog/assess.h"

namespace vigie {

/// A judgement with all it was made of. Its sentences are made when somebody asks for them: a
/// healthy fleet is judged in every tick and hardly ever read.
struct Testimony {
    Judgement judgement;
    InstanceEvidence instance;
    WatcherEvidence watcher;
    WatchdogPolicy policy;
    MonotonicTime at{};
    WallTime wallAt{};
    QString blockedBy; ///< what a guard says that holds a remedy back; empty when none does

    Verdict verdict() const { return judgement.verdict; }
    QStringView rule() const { return judgement.rule(); }
    /// Whether a remedy is held back, by a guard or by the judgement itself.
    bool isBlocked() const;
    /// Whether a person would read the same, times and growing ages apart.
    bool saysTheSame(const Testimony& other) const;
    Assessment assessment() const;
};

} // namespace vigie
