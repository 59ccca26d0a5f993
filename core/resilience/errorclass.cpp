#include "core/resilience/errorclass.h"

#include <array>

namespace vigie {

namespace {

struct Row {
    ErrorClass errorClass;
    const char* word;
    const char* description;
    ErrorTraits traits;
};

// What the engine does about a class: these five are all that occur by default.
constexpr ErrorTraits again{true, true, 1, false};      // the peer's trouble, and it may pass
constexpr ErrorTraits againSafely{true, true, 1, true}; // the same, and nothing was done yet
constexpr ErrorTraits lasting{false, true, 1, false};   // the peer's trouble, and it stays
constexpr ErrorTraits ours{false, false, 0, false};     // says nothing about the peer's health
constexpr ErrorTraits wait{true, false, 0, true};       // not sent or rolled back: only wait

using enum ErrorClass;

constexpr std::array<Row, errorClassCount> rows{{
    {Unknown, "unknown", "nothing told what went wrong", lasting},
    {Timeout, "timeout", "no complete answer in time", again},
    {ConnectionRefused, "connection_refused", "nothing listens there", againSafely},
    {ConnectionReset, "connection_reset", "the connection ended before an answer", again},
    {Unreachable, "unreachable", "there is no way to the host", again},
    {DnsFailure, "dns_failure", "the host's name has no address", againSafely},
    {TlsFailure, "tls_failure", "the certificate or the handshake was refused", lasting},
    {OutcomeUnknown, "outcome_unknown", "sent whole, the answer was lost", again},
    {Truncated, "truncated", "the answer stopped in the middle", again},
    {MalformedAnswer, "malformed_answer", "the answer is not what the contract says", lasting},
    {AnswerTooLarge, "answer_too_large", "the answer is over our limit", lasting},
    {Cancelled, "cancelled", "the caller gave up", ours},
    {BreakerOpen, "breaker_open", "not sent: our circuit breaker is open", wait},
    {BulkheadFull, "bulkhead_full", "not sent: our bulkhead is full", wait},
    {RateLimiterEmpty, "rate_limiter_empty", "not sent: our rate limit is used up", wait},
    {Internal, "internal", "a fault of our own", ours},
    {RateLimited, "rate_limited", "the server wants fewer requests", againSafely},
    {QuotaExceeded, "quota_exceeded", "the account's quota is used up", ours},
    {Overloaded, "overloaded", "the server is too busy now", again},
    {ServerError, "server_error", "the server failed", again},
    {BadGateway, "bad_gateway", "what is behind the server does not answer properly", again},
    {GatewayTimeout, "gateway_timeout", "what is behind the server is too late", again},
    {Unavailable, "unavailable", "the server can't serve now", again},
    {InvalidRequest, "invalid_request", "the server refused the request as wrong", ours},
    {Unauthorized, "unauthorized", "credentials are missing or expired", ours},
    {InvalidKey, "invalid_key", "the credentials are wrong", ours},
    {Forbidden, "forbidden", "these credentials may not do that", ours},
    {NotFound, "not_found", "there is no such thing there", ours},
    {Conflict, "conflict", "it exists already or changed meanwhile", ours},
    {PreconditionFailed, "precondition_failed", "a compare-and-set that lost", ours},
    {PayloadTooLarge, "payload_too_large", "what was sent is over the server's limit", ours},
    {Unsupported, "unsupported", "the server does not offer this", ours},
    {ClockSkew, "clock_skew", "the two clocks disagree too much for a signature", ours},
    {GpuOutOfMemory, "gpu_out_of_memory", "the GPU's memory is exhausted", again},
    {ModelNotFound, "model_not_found", "the server has no such model", ours},
    {ModelLoading, "model_loading", "the model is being loaded", wait},
    {ContextTooLong, "context_too_long", "more tokens than the model takes", ours},
    {ContentRefused, "content_refused", "refused by a content policy", ours},
    {DbSerialization, "db_serialization", "rolled back: another transaction won", wait},
    {DbDeadlock, "db_deadlock", "rolled back to break a deadlock", wait},
    {DbConnection, "db_connection", "the database is away", again},
    {DbTooManyConnections, "db_too_many_connections", "no free connection", againSafely},
    {DbConstraint, "db_constraint", "a constraint of the schema refused it", ours},
    {DbPermission, "db_permission", "row-level security or a missing grant", ours},
    {DbSchema, "db_schema", "unknown table, column or function, or syntax", ours},
    {DbInvalidData, "db_invalid_data", "a value does not fit its type", ours},
    {DbTimeout, "db_timeout", "statement or lock time-out", again},
    {DbResources, "db_resources", "the database is out of disk or memory", again},
    {DbReadOnly, "db_read_only", "a replica or a read-only transaction", lasting},
    {StorageFull, "storage_full", "no space or quota left", lasting},
    {StorageError, "storage_error", "reading or writing failed", again},
}};

constexpr bool inOrder() {
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (static_cast<std::size_t>(rows[i].errorClass) != i)
            return false;
    return true;
}
static_assert(inOrder(), "the table is indexed by the enumeration");

const Row& rowOf(ErrorClass errorClass) {
    const auto index = static_cast<std::size_t>(errorClass);
    return rows[index < rows.size() ? index : 0];
}

} // namespace

ErrorTraits defaultTraits(ErrorClass errorClass) {
    return rowOf(errorClass).traits;
}

const char* toString(ErrorClass errorClass) {
    return rowOf(errorClass).word;
}

std::optional<ErrorClass> errorClassFromString(std::string_view word) {
    for (const Row& row : rows)
        if (word == row.word)
            return row.errorClass;
    return {};
}

const char* describe(ErrorClass errorClass) {
    return rowOf(errorClass).description;
}

} // namespace vigie
