#include "core/model/volume.h"

#include "core/model/words.h"

namespace vigie {

namespace {

constexpr std::array<Word<VolumeStatus>, 5> statuses{{
    {VolumeStatus::Unknown, u"unknown"},
    {VolumeStatus::Attached, u"attached"},
    {VolumeStatus::Detached, u"detached"},
    {VolumeStatus::Deleting, u"deleting"},
    {VolumeStatus::Deleted, u"deleted"},
}};

} // namespace

QString toString(VolumeStatus status) {
    return wordOf(statuses, status);
}

VolumeStatus volumeStatusFromString(QStringView word) {
    return fromWord(statuses, word).value_or(VolumeStatus::Unknown);
}

} // namespace vigie
