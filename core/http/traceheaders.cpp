#include "core/http/traceheaders.h"

#include <QRandomGenerator>

namespace vigie {

namespace {

std::uint64_t randomBits() {
    return QRandomGenerator::global()->generate64();
}

/// All values of a header, in order, joined by commas; `count` says how many there were.
std::string joined(const HttpHeaders& headers, const char* wanted, int& count) {
    QByteArray all;
    count = 0;
    for (const auto& [name, value] : headers) {
        if (name.compare(wanted, Qt::CaseInsensitive) != 0)
            continue;
        all += (count++ > 0 ? "," : "") + value;
    }
    return all.toStdString();
}

} // namespace

TraceContext newTrace(bool sampled) {
    return TraceContext::root(randomBits, sampled);
}

std::optional<TraceContext> traceOf(const HttpHeaders& headers) {
    int parents = 0, states = 0;
    const std::string parent = joined(headers, "traceparent", parents);
    const std::string state = joined(headers, "tracestate", states);
    if (parents != 1)
        return {};
    return parseTraceContext(parent, state);
}

void beginTrace(HttpRequest& request) {
    int present = 0;
    joined(request.headers, "traceparent", present);
    if (request.trace || present > 0)
        return;
    const bool reads = request.method == "GET" || request.method == "HEAD";
    request.trace = newTrace(!reads);
}

void addTraceHeaders(HttpRequest& request) {
    int present = 0;
    joined(request.headers, "traceparent", present);
    if (present > 0)
        return;
    beginTrace(request);
    const TraceContext span = request.trace->child(randomBits);
    request.headers.append({"traceparent", QByteArray::fromStdString(span.traceparent())});
    if (!span.state.empty())
        request.headers.append({"tracestate", QByteArray::fromStdString(span.state)});
}

} // namespace vigie
