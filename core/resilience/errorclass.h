#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace vigie {

/// What went wrong with a call, finely enough to decide what to do next. ErrorClassifier finds it.
enum class ErrorClass {
    Unknown, ///< nothing told us; treated as a failure of the peer
    // The way there and back
    Timeout,           ///< no complete answer in time
    ConnectionRefused, ///< nothing listens there
    ConnectionReset,   ///< the connection ended before an answer
    Unreachable,       ///< no route, network down, proxy trouble
    DnsFailure,        ///< the name has no address
    TlsFailure,        ///< certificate or handshake
    OutcomeUnknown,    ///< sent whole, the answer was lost: it may have happened
    Truncated,         ///< the answer stopped in the middle
    MalformedAnswer,   ///< not what the contract says: HTML, wrong type, rubbish
    AnswerTooLarge,    ///< over our limit
    // Ourselves
    Cancelled,        ///< the caller gave up
    BreakerOpen,      ///< refused by our circuit breaker, never sent
    BulkheadFull,     ///< refused by our bulkhead or a full queue, never sent
    RateLimiterEmpty, ///< refused by our own rate limiter, never sent
    Internal,         ///< a bug of ours
    // What a server says about itself
    RateLimited,    ///< too many requests: wait
    QuotaExceeded,  ///< the account is used up: waiting a little does not help
    Overloaded,     ///< too busy now
    ServerError,    ///< it failed
    BadGateway,     ///< what is behind it does not answer properly
    GatewayTimeout, ///< what is behind it does not answer in time
    Unavailable,    ///< it can't serve now: starting, maintenance, shutting down
    // What a server says about the request
    InvalidRequest,     ///< bad input
    Unauthorized,       ///< no credentials, or ones that ran out
    InvalidKey,         ///< these credentials are wrong
    Forbidden,          ///< these credentials may not do that
    NotFound,           ///< this very thing does not exist
    Conflict,           ///< it exists already, or changed meanwhile
    PreconditionFailed, ///< a compare-and-set that lost
    PayloadTooLarge,    ///< what we sent is over its limit
    Unsupported,        ///< it does not offer this
    ClockSkew,          ///< our clock and its clock disagree too much for a signature
    // Model servers
    GpuOutOfMemory, ///< CUDA, HIP or Metal memory is exhausted
    ModelNotFound,  ///< this server has no such model
    ModelLoading,   ///< the model is on its way into memory
    ContextTooLong, ///< more tokens than the model takes
    ContentRefused, ///< refused by a content policy
    // Databases
    DbSerialization,      ///< rolled back, another transaction won
    DbDeadlock,           ///< rolled back to break a deadlock
    DbConnection,         ///< the database is not reachable or went away
    DbTooManyConnections, ///< no free connection
    DbConstraint,         ///< unique, foreign key, not null, check
    DbPermission,         ///< row-level security or a missing grant
    DbSchema,             ///< unknown table, column or function; syntax
    DbInvalidData,        ///< a value that does not fit its type
    DbTimeout,            ///< statement or lock time-out
    DbResources,          ///< disk full, out of memory
    DbReadOnly,           ///< a replica or a read-only transaction
    // Disks
    StorageFull,  ///< no space or quota left
    StorageError, ///< reading or writing failed
};

inline constexpr std::size_t errorClassCount =
    static_cast<std::size_t>(ErrorClass::StorageError) + 1;

/// What a class of error means for the engine. All of it can be overridden by configuration.
struct ErrorTraits {
    /// Trying again may help, provided the request may be repeated.
    bool retriable = false;
    /// Says that the peer is in trouble: a failure for its circuit breaker.
    bool countsForBreaker = false;
    /// How much of a failure it is for the breaker, 0 .. 1; 0 when it does not count.
    double weight = 0;
    /// The request certainly had no effect, so that even one that is not safe to repeat may be
    /// tried again.
    bool notCarriedOut = false;
    bool operator==(const ErrorTraits&) const = default;
};

/// The defaults; those in force are ErrorClassifier::traits().
ErrorTraits defaultTraits(ErrorClass errorClass);

/// "connection_refused": a stable word for metrics, logs and configuration.
const char* toString(ErrorClass errorClass);
/// The class of such a word; nothing for any other text.
std::optional<ErrorClass> errorClassFromString(std::string_view word);
/// One clause for people and the documentation.
const char* describe(ErrorClass errorClass);

} // namespace vigie
