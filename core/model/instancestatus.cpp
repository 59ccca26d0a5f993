#include "core/model/instancestatus.h"

#include "core/model/words.h"

namespace vigie {

namespace {

using enum InstanceStatus;

constexpr std::array<Word<InstanceStatus>, 15> words{{
    {Provisioning, u"provisioning"},
    {Booting, u"booting"},
    {Installing, u"installing"},
    {Starting, u"starting"},
    {Ready, u"ready"},
    {Unavailable, u"unavailable"},
    {Draining, u"draining"},
    {WorkerDead, u"worker_dead"},
    {Terminating, u"terminating"},
    {Terminated, u"terminated"},
    {Archived, u"archived"},
    {Failed, u"failed"},
    {ProvisioningFailed, u"provisioning_failed"},
    {StartupFailed, u"startup_failed"},
    {Unknown, u"unknown"},
}};

} // namespace

QString toString(InstanceStatus status) {
    return wordOf(words, status);
}

InstanceStatus instanceStatusFromString(QStringView word) {
    return fromWord(words, word).value_or(Unknown);
}

} // namespace vigie
