#pragma once

#include "core/config/settings.h"
#include "core/services/storage/storageclient.h"

namespace vigie {

/// The keys of [services.storage].
std::vector<SettingSpec> storageSettings();

/// What a client is built from. The key file holds the secret access key, or the key's id and the
/// secret with white space between them. Invalid as serviceUrl() and serviceKey(), for a bucket's
/// name that is none, and for a secret without an id or the other way round.
Outcome<StorageOptions> storageOptionsFrom(const Settings& settings);

} // namespace vigie
