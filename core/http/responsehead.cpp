#include "core/http/responsehead.h"

#include "core/http/gzip.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace vigie {

namespace {

const char* reasonPhrase(int status) {
    switch (status) {
    case 100:
        return "Continue";
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 202:
        return "Accepted";
    case 204:
        return "No Content";
    case 301:
        return "Moved Permanently";
    case 302:
        return "Found";
    case 304:
        return "Not Modified";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 412:
        return "Precondition Failed";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 417:
        return "Expectation Failed";
    case 421:
        return "Misdirected Request";
    case 422:
        return "Unprocessable Content";
    case 428:
        return "Precondition Required";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    default:
        return "Status";
    }
}

void appendField(QByteArray& out, const QByteArray& name, const QByteArray& value) {
    out += name;
    out += ": ";
    const qsizetype start = out.size();
    out += value;
    for (qsizetype i = start; i < out.size(); ++i)
        if ((uchar(out[i]) < 0x20 && out[i] != '\t') || out[i] == 0x7f)
            out[i] = ' ';
    out += "\r\n";
}

bool isToken(const QByteArray& name) {
    static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !name.isEmpty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               marks.find(c) != std::string_view::npos;
    });
}

bool isServersOwn(const QByteArray& name) {
    static const std::array<const char*, 5> own = {"Content-Length", "Transfer-Encoding",
                                                   "Connection", "Date", "Server"};
    return std::any_of(own.begin(), own.end(), [&name](const char* each) {
        return name.compare(each, Qt::CaseInsensitive) == 0;
    });
}

} // namespace

bool responseHasBody(int status, bool toHead) {
    return !toHead && status >= 200 && status != 204 && status != 304;
}

bool shouldCompress(const ServerResponse& response, qint64 fromBytes) {
    const auto isEncoding = [](const auto& header) {
        return header.first.compare("Content-Encoding", Qt::CaseInsensitive) == 0;
    };
    return response.body && response.body->size() >= fromBytes &&
           responseHasBody(response.status, false) && isCompressible(response.contentType) &&
           std::none_of(response.headers.begin(), response.headers.end(), isEncoding);
}

QByteArray responseHead(const ServerResponse& response, const ResponseFraming& framing) {
    QByteArray out;
    out.reserve(256);
    out += "HTTP/1.1 ";
    out += QByteArray::number(response.status);
    out += ' ';
    out += reasonPhrase(response.status);
    out += "\r\n";
    appendField(out, "Date", framing.date);
    if (!framing.serverName.isEmpty())
        appendField(out, "Server", framing.serverName);
    if (response.status != 204 && response.status != 304) {
        const qsizetype length = response.body ? response.body->size() : 0;
        if (!response.contentType.isEmpty() && (length > 0 || response.stream))
            appendField(out, "Content-Type", response.contentType);
        if (!response.stream) // its end is the connection's
            appendField(out, "Content-Length", QByteArray::number(length));
    }
    for (const auto& [name, value] : response.headers)
        if (isToken(name) && !isServersOwn(name))
            appendField(out, name, value);
    if (!framing.keepAlive)
        appendField(out, "Connection", "close");
    else if (framing.http10)
        appendField(out, "Connection", "keep-alive");
    out += "\r\n";
    return out;
}

QByteArray httpDate(WallTime time) {
    static constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed",
                                                        "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> months = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                  days[std::chrono::weekday(day).c_encoding()], unsigned(date.day()),
                  months[unsigned(date.month()) - 1], int(date.year()), int(clock.hours().count()),
                  int(clock.minutes().count()), int(clock.seconds().count()));
    return text.data();
}

} // namespace vigie
