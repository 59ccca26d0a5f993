#pragma once

#include "core/base/outcome.h"
#include "core/errors/classify.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace vigie {

struct WhisperOrder {
    QByteArray audio; ///< a whole file: WAV, or what else the server reads
    QString fileName = QStringLiteral("audio.wav");
    QString model;    ///< empty: the client's
    QString language; ///< "fr"; empty: found out
    QString prompt;
    std::optional<double> temperature;
    QByteArray idempotencyKey;
    std::optional<Duration> timeout; ///< of one attempt; absent: the client's
};

struct WhisperTranscript {
    QString text;
    QString language;              ///< as the server found out; may be empty
    std::optional<double> seconds; ///< of audio, where the server tells it
    int attempts = 1;
};

/// multipart/form-data (RFC 7578) of an order, and the boundary in it. Quotes and line breaks of
/// the file's name are percent-encoded.
struct MultipartBody {
    QByteArray contentType, bytes;
};
MultipartBody encodeWhisperOrder(const WhisperOrder& order, const QByteArray& boundary);

/// What an answer of status 200 holds: a transcript; or an error, since whisper.cpp's server
/// answers its errors with 200 too; or neither (Malformed).
struct WhisperAnswer {
    std::optional<WhisperTranscript> transcript;
    std::optional<ErrorAnswer> error;
};
Outcome<WhisperAnswer> decodeWhisperAnswer(const QByteArray& body);

/// Number of models in the list of GET /v1/models; Malformed when it is none.
Outcome<int> decodeModelCount(const QByteArray& body);
/// What a body of /health says: "ok", "loading model"; empty when it says nothing.
QString decodeHealthStatus(const QByteArray& body);

/// The shapes of decodeOpenAiError(), and {"status": "loading model"}.
ErrorAnswer decodeWhisperError(const QByteArray& body);

} // namespace vigie
