// What servers are known to send: codes, sentences, statuses. The sources of the facts are named at
// each table; docs/services.md shows what they become.

#include "core/resilience/errorclassifier.h"

#include <algorithm>
#include <cerrno>

namespace vigie {

namespace {

using enum ErrorClass;

struct Known {
    std::string_view what;
    ErrorClass errorClass;
};

// The longer prefix of the same beginning comes first. PostgreSQL 15, appendix A.
constexpr Known sqlStates[] = {
    {"08", DbConnection},    {"0A", Unsupported},
    {"22", DbInvalidData},   {"23", DbConstraint},
    {"25006", DbReadOnly},   {"25P03", DbConnection},
    {"28", InvalidKey},      {"3D", DbSchema},
    {"3F", DbSchema},        {"40P01", DbDeadlock},
    {"40", DbSerialization}, {"42501", DbPermission},
    {"42", DbSchema},        {"53300", DbTooManyConnections},
    {"53", DbResources},     {"54", InvalidRequest},
    {"55P03", DbTimeout},    {"55006", Conflict},
    {"57014", DbTimeout},    {"57P", DbConnection},
    {"58", StorageError},    {"72000", DbSerialization},
    {"P0", InvalidRequest},  {"XX", ServerError},
};

// Codes that mean one thing wherever they are seen. Such as "invalid_request_error" or
// "NotFoundError" are left out: the text or the status beside them tells more.
constexpr Known codes[] = {
    // OpenAI's API and those that follow it
    {"model_not_found", ModelNotFound},
    {"invalid_api_key", InvalidKey},
    {"authentication_error", InvalidKey},
    {"account_deactivated", Forbidden},
    {"permission_error", Forbidden},
    {"insufficient_quota", QuotaExceeded},
    {"billing_hard_limit_reached", QuotaExceeded},
    {"billing_not_active", QuotaExceeded},
    {"rate_limit_exceeded", RateLimited},
    {"rate_limit_error", RateLimited},
    {"context_length_exceeded", ContextTooLong},
    {"exceed_context_size_error", ContextTooLong}, // llama.cpp server
    {"content_filter", ContentRefused},
    {"content_policy_violation", ContentRefused},
    {"request_too_large", PayloadTooLarge},
    {"overloaded_error", Overloaded},
    {"overloaded", Overloaded}, // text-generation-inference
    // PostgREST 10 to 14
    {"PGRST000", DbConnection},
    {"PGRST001", DbConnection},
    {"PGRST002", DbConnection},
    {"PGRST003", DbTooManyConnections},
    {"PGRST101", Unsupported},
    {"PGRST106", DbSchema},
    {"PGRST111", ServerError},
    {"PGRST112", ServerError},
    {"PGRST116", NotFound},
    {"PGRST117", Unsupported},
    {"PGRST121", ServerError},
    {"PGRST1", InvalidRequest},
    {"PGRST2", DbSchema},
    {"PGRST300", ServerError},
    {"PGRST3", Unauthorized},
    {"PGRSTX", ServerError},
    // S3's REST API and MinIO
    {"NoSuchKey", NotFound},
    {"NoSuchBucket", NotFound},
    {"NoSuchUpload", NotFound},
    {"NoSuchVersion", NotFound},
    {"AccessDenied", Forbidden},
    {"AllAccessDisabled", Forbidden},
    {"AccountProblem", Forbidden},
    {"InvalidAccessKeyId", InvalidKey},
    {"SignatureDoesNotMatch", InvalidKey},
    {"AuthorizationHeaderMalformed", InvalidRequest},
    {"ExpiredToken", Unauthorized},
    {"InvalidToken", InvalidKey},
    {"RequestTimeTooSkewed", ClockSkew},
    {"SlowDown", RateLimited},
    {"SlowDownRead", RateLimited},
    {"SlowDownWrite", RateLimited},
    {"RequestLimitExceeded", RateLimited},
    {"ServiceUnavailable", Unavailable},
    {"InternalError", ServerError},
    {"RequestTimeout", Timeout},
    {"OperationAborted", Overloaded}, // another operation on the same thing is under way
    {"ConditionalRequestConflict", PreconditionFailed},
    {"PreconditionFailed", PreconditionFailed},
    {"BucketAlreadyExists", Conflict},
    {"BucketAlreadyOwnedByYou", Conflict},
    {"BucketNotEmpty", Conflict},
    {"EntityTooLarge", PayloadTooLarge},
    {"MaxMessageLengthExceeded", PayloadTooLarge},
    {"MethodNotAllowed", Unsupported},
    {"NotImplemented", Unsupported},
    {"QuotaExceeded", QuotaExceeded},
    {"XMinioAdminBucketQuotaExceeded", QuotaExceeded},
    {"XMinioStorageFull", StorageFull},
    {"XMinioServerNotInitialized", Unavailable},
};

// Each holds on to the beginning of the text, or to its end.
constexpr Known texts[] = {
    // PyTorch, CTranslate2, ggml, Ollama
    {"CUDA out of memory*", GpuOutOfMemory},
    {"CUDA error: out of memory*", GpuOutOfMemory},
    {"CUDA failed with error out of memory*", GpuOutOfMemory},
    {"HIP out of memory*", GpuOutOfMemory},
    {"HIP error: out of memory*", GpuOutOfMemory},
    {"MPS backend out of memory*", GpuOutOfMemory},
    {"XPU out of memory*", GpuOutOfMemory},
    {"torch.OutOfMemoryError:*", GpuOutOfMemory},
    {"torch.cuda.OutOfMemoryError:*", GpuOutOfMemory},
    {"RuntimeError: CUDA*out of memory*", GpuOutOfMemory},
    {"cudaMalloc failed: out of memory*", GpuOutOfMemory},
    {"llama runner process has terminated:*out of memory*", GpuOutOfMemory},
    {"llama runner process has terminated:*unable to allocate*buffer*", GpuOutOfMemory},
    {"model requires more system memory (*", GpuOutOfMemory},
    {"model requires more gpu memory*", GpuOutOfMemory},
    // vLLM, llama.cpp, Ollama, text-generation-inference
    {"This model's maximum context length is *", ContextTooLong},
    {"The decoder prompt (length *) is longer than the maximum model length*", ContextTooLong},
    {"The prompt (length *) is longer than the maximum model length*", ContextTooLong},
    {"the request exceeds the available context size*", ContextTooLong},
    {"request (*) exceeds the available context size*", ContextTooLong},
    {"the input length exceeds the context length*", ContextTooLong},
    {"input length exceeds maximum context length*", ContextTooLong},
    {"prompt is too long*", ContextTooLong},
    {"Input validation error: `inputs` must have less than *", ContextTooLong},
    {"Input validation error: `inputs` tokens + `max_new_tokens` must be <=*", ContextTooLong},
    // Ollama, vLLM, speaches
    {"model '*' not found*", ModelNotFound},
    {"model \"*\" not found*", ModelNotFound},
    {"The model `*` does not exist*", ModelNotFound},
    {"The model '*' does not exist*", ModelNotFound},
    {"Model '*' is not installed locally*", ModelNotFound},
    {"Model does not exist*", ModelNotFound},
    {"Loading model", ModelLoading},
    {"loading model*", ModelLoading},
    {"Model * is currently loading*", ModelLoading},
    {"server busy, please try again*", Overloaded},
    {"Model is overloaded*", Overloaded},
    {"The engine is currently overloaded*", Overloaded},
    {"GPU kernel overload*", Overloaded}, // the empty factory of vigie-worker
    {"*does not support chat", Unsupported},
    {"*does not support generate", Unsupported},
    {"*does not support tools", Unsupported},
    {"*does not support thinking", Unsupported},
    {"*does not support embeddings", Unsupported},
    // whisper.cpp's server, which says so with status 200
    {"no 'file' field in the request*", InvalidRequest},
    {"failed to read WAV file*", InvalidRequest},
    {"failed to read audio*", InvalidRequest},
    {"FFmpeg conversion failed*", InvalidRequest},
    {"failed to process audio*", ServerError},
    // Keys and quotas
    {"Invalid API key*", InvalidKey},
    {"Incorrect API key provided*", InvalidKey},
    {"invalid x-api-key*", InvalidKey},
    {"No API key found in request*", Unauthorized},
    {"JWT expired*", Unauthorized},
    {"You exceeded your current quota*", QuotaExceeded},
    {"Rate limit reached for *", RateLimited},
    {"API rate limit exceeded*", RateLimited}, // Kong
    // Proxies
    {"upstream connect error or disconnect/reset before headers*", BadGateway},
    {"upstream request timeout", GatewayTimeout},
    {"no healthy upstream", Unavailable},
};

/// Whether the code is one that stands for a family: "PGRST2" for PGRST200 ... PGRST299.
bool isFamily(std::string_view what) {
    return what.starts_with("PGRST") && what.size() == 6;
}

} // namespace

std::optional<ErrorClass> errorClassOfSqlState(std::string_view sqlState) noexcept {
    const bool wellFormed = std::ranges::all_of(
        sqlState, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
    if (sqlState.size() != 5 || !wellFormed)
        return {};
    for (const Known& known : sqlStates) {
        if (sqlState.starts_with(known.what))
            return known.errorClass;
    }
    return {};
}

std::optional<ErrorClass> errorClassOfCode(std::string_view code) noexcept {
    for (const Known& known : codes) {
        const bool fits = isFamily(known.what) ? code.size() == 8 && code.starts_with(known.what)
                                               : code == known.what;
        if (fits)
            return known.errorClass;
    }
    return {};
}

std::optional<ErrorClass> errorClassOfText(std::string_view text) noexcept {
    if (text.empty())
        return {};
    for (const Known& known : texts) {
        if (fitsErrorText(known.what, text))
            return known.errorClass;
    }
    return {};
}

ErrorClass errorClassOfStatus(int httpStatus) noexcept {
    switch (httpStatus) {
    case 401:
    case 407:
        return Unauthorized;
    case 402:
    case 509: // bandwidth limit of some hosts
        return QuotaExceeded;
    case 403:
    case 451:
        return Forbidden;
    case 404:
    case 410:
        return NotFound;
    case 405:
    case 501:
    case 505:
        return Unsupported;
    case 408:
        return Timeout;
    case 409:
    case 423:
        return Conflict;
    case 412:
    case 428:
        return PreconditionFailed;
    case 413:
    case 414:
    case 431:
        return PayloadTooLarge;
    case 425:
    case 503:
        return Unavailable;
    case 429:
        return RateLimited;
    case 502:
    case 520: // 520 to 527: Cloudflare's words about what is behind it
    case 521:
    case 523:
    case 525:
    case 526:
        return BadGateway;
    case 504:
    case 522:
    case 524:
        return GatewayTimeout;
    case 507:
        return StorageFull;
    case 529:
        return Overloaded;
    default:
        if (httpStatus < 400)
            return MalformedAnswer;
        return httpStatus < 500 ? InvalidRequest : ServerError;
    }
}

std::optional<ErrorClass> errorClassOfSystemError(int systemError) noexcept {
    switch (systemError) {
    case ETIMEDOUT:
        return Timeout;
    case ECONNREFUSED:
        return ConnectionRefused;
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
        return ConnectionReset;
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ENETDOWN:
        return Unreachable;
    case ECANCELED:
        return Cancelled;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return StorageFull;
    case EIO:
    case EROFS:
    case ENFILE:
    case EMFILE:
        return StorageError;
    case EACCES:
    case EPERM:
        return Forbidden;
    case ENOENT:
    case ENOTDIR:
        return NotFound;
    case EEXIST:
        return Conflict;
    case EAGAIN:
    case EBUSY:
    case EINTR:
        return Overloaded;
    default:
        return {};
    }
}

} // namespace vigie
