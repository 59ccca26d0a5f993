#pragma once

#include "core/base/outcome.h"
#include "core/config/settings.h"
#include "core/http/httpclient.h"

#include <QByteArray>
#include <QUrl>

#include <memory>
#include <vector>

namespace vigie {

/// The keys that every service has: `url`, `key_file`, `key`, `timeout_seconds` and `ca_file`.
/// `keyHelp` says what the key is.
std::vector<SettingSpec> commonServiceSettings(const QString& service, const QString& defaultUrl,
                                               const QString& keyHelp, double timeoutSeconds);
/// One more text of a service, with a flag of its name.
SettingSpec serviceText(const QString& service, const QString& key, const QString& fallback,
                        const QString& help);

/// "services.ollama.url"
QString servicePath(const QString& service, const char* key);

/// The address; Invalid unless it is http or https with a host and without user, query and
/// fragment. A path is kept, without its last slash.
Outcome<QUrl> serviceUrl(const QString& service, const Settings& settings);

/// What `key_file` holds, or else `key`, without white space around it; empty when there is
/// neither. Invalid when the file can't be read, is empty or longer than 64 KiB.
Outcome<QByteArray> serviceKey(const QString& service, const Settings& settings);

/// A client of its own for one service, which trusts the authority of `ca_file` beside the
/// system's. Invalid when that file holds no certificate.
Outcome<std::unique_ptr<HttpClient>> serviceHttpClient(const QString& service, Clock& clock,
                                                       const Settings& settings);

/// Adds an encoded path ("/api/tags") and perhaps an encoded query to the service's address.
QUrl below(const QUrl& base, const QByteArray& encodedPath, const QByteArray& encodedQuery = {});

} // namespace vigie
