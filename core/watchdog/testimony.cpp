#include "core/watchdog/testimony.h"

namespace vigie {

bool Testimony::isBlocked() const {
    if (!blockedBy.isEmpty())
        return true;
    if (verdict() == Verdict::Alive) // as nearly all are: no words are compared for them
        return false;
    return rule() == u"storm" || rule() == u"watcher-not-healthy" ||
           rule() == u"fresh-not-serving-unsure";
}

bool Testimony::saysTheSame(const Testimony& other) const {
    if (judgement.row != other.judgement.row || blockedBy != other.blockedBy)
        return false;
    // How long a silence has lasted is what one reads about it.
    if (verdict() != Verdict::Alive)
        return false;
    return judgement.watcherHealthy && other.judgement.watcherHealthy &&
           watcher.storm == other.watcher.storm && watcher.stormSays == other.watcher.stormSays &&
           instance.probe == other.instance.probe &&
           instance.probeSays == other.instance.probeSays &&
           instance.provider == other.instance.provider &&
           instance.providerSays == other.instance.providerSays;
}

Assessment Testimony::assessment() const {
    Assessment said = explain(judgement, instance, watcher, policy, at, wallAt);
    if (!blockedBy.isEmpty())
        said.blockedBy = blockedBy;
    return said;
}

} // namespace vigie
