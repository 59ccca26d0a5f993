#pragma once

namespace vigie {

/// Action types of the contract for the steps of a start and of an end that are told once each.
namespace actiontype {
inline constexpr auto providerStartRetry = u"PROVIDER_START_RETRY";
inline constexpr auto workerVllmHttpOk = u"WORKER_VLLM_HTTP_OK";
inline constexpr auto workerModelLoaded = u"WORKER_MODEL_LOADED";
inline constexpr auto workerVllmWarmup = u"WORKER_VLLM_WARMUP";
inline constexpr auto terminationPending = u"TERMINATION_PENDING";
} // namespace actiontype

namespace errorcode {
inline constexpr auto terminatorCheckFailed = u"TERMINATOR_CHECK_FAILED";
} // namespace errorcode

} // namespace vigie
