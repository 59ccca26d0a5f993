#pragma once

#include <QByteArray>

#include <optional>

namespace vigie {

/// Requests answered and tokens read and written by a model server, since its start or of a while.
struct TokenCount {
    qint64 requests = 0; ///< that succeeded
    qint64 input = 0, output = 0;
    bool operator==(const TokenCount&) const = default;

    /// What was used between two looks at a counter; one that went back has begun anew.
    TokenCount since(const TokenCount& before) const {
        const bool anew =
            requests < before.requests || input < before.input || output < before.output;
        return anew ? *this
                    : TokenCount{requests - before.requests, input - before.input,
                                 output - before.output};
    }
};

/// The member `tokens` of a heartbeat's metadata: {requests_total, prompt_tokens_total,
/// generation_tokens_total}, as one JSON object with that member.
QByteArray encodeTokenCount(const TokenCount& count);
/// Nothing when it is not there, or when one of its numbers is not whole or not within 0 .. 1e12.
std::optional<TokenCount> decodeTokenCount(const QByteArray& metadataJson);

} // namespace vigie
