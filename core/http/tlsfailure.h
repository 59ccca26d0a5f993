#pragma once

#include <QList>
#include <QSslError>
#include <QString>

namespace vigie {

/// What is wrong with the peer's certificate and what to do about it, in one clause. The gravest
/// error speaks; `fallback` is used when there is none (the handshake failed otherwise).
QString tlsSentence(const QList<QSslError>& errors, const QString& host, const QString& fallback);

} // namespace vigie
