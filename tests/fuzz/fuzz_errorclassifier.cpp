#include "core/errors/classify.h"
#include "core/errors/errorpolicy.h"
#include "core/services/ollama/ollamacodec.h"
#include "core/services/servicecalls.h"
#include "core/services/storage/storagecodec.h"
#include "core/services/supabase/supabasecodec.h"
#include "core/services/whisper/whispercodec.h"

#include <cstdint>
#include <cstdlib>

namespace {

void hold(bool promise) {
    if (!promise)
        std::abort();
}

/// Any bytes as a body, of any status: there is a class, and the sentence is one printable line.
void asBody(const QByteArray& body, int status) {
    using namespace vigie;
    for (const ErrorDecoder decode :
         {decodeOllamaError, decodeSupabaseError, decodeStorageError, decodeWhisperError}) {
        ServiceCalls calls;
        calls.service = QStringLiteral("fuzz");
        calls.decodeError = decode;
        HttpReply reply;
        reply.status = status;
        reply.body = body;
        reply.headers = {{"Retry-After", body.left(40)}, {"X-RateLimit-Reset", body.left(40)}};
        const Failure failure = calls.failureOf(reply, QStringLiteral("x"));
        hold(errorClassFromString(failure.code.toStdString()).has_value());
        hold(!failure.message.contains(QLatin1Char('\n')) && failure.message.size() < 1500);
        hold(!failure.retryAfter || (*failure.retryAfter >= Duration::zero() &&
                                     *failure.retryAfter <= std::chrono::hours(24)));
        const ErrorClass again = classify(failure, ErrorClassifier());
        hold(failure.code == QLatin1String(toString(again)) ||
             again == errorClassOfStatus(status) || status < 400);
    }
}

} // namespace

/// The first two bytes are a status, the rest is a body, a text, and a file of rules.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vigie;
    if (size < 2)
        return 0;
    const int status = 100 + (data[0] * 256 + data[1]) % 500;
    const QByteArray bytes(reinterpret_cast<const char*>(data) + 2,
                           static_cast<qsizetype>(size) - 2);
    asBody(bytes, status);
    const std::string_view text(bytes.constData(), static_cast<std::size_t>(bytes.size()));
    ErrorSignal signal;
    signal.text = signal.code = signal.type = signal.sqlState = text;
    signal.httpStatus = status;
    ErrorPolicy policy;
    if (auto read = readErrorPolicy(bytes, QStringLiteral("fuzz")))
        policy = std::move(*read);
    hold(policy.problem().empty());
    const ErrorClassifier classifier(policy);
    hold(static_cast<std::size_t>(classifier.classify(signal)) < errorClassCount);
    const std::size_t half = text.size() / 2;
    fitsErrorText(text.substr(0, std::min<std::size_t>(half, 256)), text.substr(half));
    (void)decodeListing(bytes);
    (void)decodeOllamaAnswer(bytes);
    (void)decodeWhisperAnswer(bytes);
    return 0;
}
