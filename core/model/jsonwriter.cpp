#include "core/model/jsonwriter.h"

#include <charconv>
#include <cmath>
#include <utility>

namespace vigie {

using namespace std::chrono;

namespace {

void appendEscape(QByteArray& out, char16_t c) {
    static constexpr char hex[] = "0123456789abcdef";
    switch (c) {
    case u'"':
        out.append("\\\"", 2);
        break;
    case u'\\':
        out.append("\\\\", 2);
        break;
    case u'\n':
        out.append("\\n", 2);
        break;
    case u'\r':
        out.append("\\r", 2);
        break;
    case u'\t':
        out.append("\\t", 2);
        break;
    default:
        out.append("\\u00", 4).append(hex[(c >> 4) & 15]).append(hex[c & 15]);
    }
}

bool isPlain(char16_t c) {
    return c >= 0x20 && c < 0x80 && c != u'"' && c != u'\\';
}

void twoDigits(char* at, unsigned number) {
    at[0] = static_cast<char>('0' + number / 10);
    at[1] = static_cast<char>('0' + number % 10);
}

} // namespace

void JsonWriter::separate() {
    if (std::exchange(m_comma, true))
        m_out.append(',');
}

void JsonWriter::put(std::string_view bytes) {
    m_out.append(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

JsonWriter& JsonWriter::beginObject() {
    separate();
    m_out.append('{');
    m_comma = false;
    return *this;
}

JsonWriter& JsonWriter::endObject() {
    m_out.append('}');
    m_comma = true;
    return *this;
}

JsonWriter& JsonWriter::beginArray() {
    separate();
    m_out.append('[');
    m_comma = false;
    return *this;
}

JsonWriter& JsonWriter::endArray() {
    m_out.append(']');
    m_comma = true;
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    separate();
    m_out.append('"');
    put(name);
    m_out.append("\":", 2);
    m_comma = false;
    return *this;
}

JsonWriter& JsonWriter::keyText(QStringView name) {
    value(name);
    m_out.append(':');
    m_comma = false;
    return *this;
}

JsonWriter& JsonWriter::value(QStringView text) {
    separate();
    m_out.append('"');
    const auto* at = text.utf16();
    const auto* const end = at + text.size();
    while (at != end) {
        const auto* plain = at;
        while (plain != end && isPlain(*plain))
            ++plain;
        if (plain != at) {
            const qsizetype old = m_out.size();
            m_out.resize(old + (plain - at));
            std::copy(at, plain, m_out.data() + old);
            at = plain;
            continue;
        }
        const auto* foreign = at;
        while (foreign != end && *foreign >= 0x80)
            ++foreign;
        if (foreign != at) {
            m_out.append(QStringView(at, foreign).toUtf8());
            at = foreign;
            continue;
        }
        appendEscape(m_out, *at++);
    }
    m_out.append('"');
    return *this;
}

JsonWriter& JsonWriter::value(qint64 number) {
    separate();
    char text[24];
    const auto end = std::to_chars(text, text + sizeof text, number).ptr;
    put({text, static_cast<std::size_t>(end - text)});
    return *this;
}

JsonWriter& JsonWriter::value(double number) {
    if (!std::isfinite(number))
        return null();
    separate();
    char text[40];
    const auto end = std::to_chars(text, text + sizeof text, number).ptr;
    put({text, static_cast<std::size_t>(end - text)});
    return *this;
}

JsonWriter& JsonWriter::value(bool truth) {
    separate();
    put(truth ? "true" : "false");
    return *this;
}

JsonWriter& JsonWriter::value(WallTime time) {
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const auto year = static_cast<int>(date.year());
    if (year < 0 || year > 9999)
        return null(); // RFC 3339 has four digits
    const auto ms = static_cast<unsigned>((time - day).count());
    char text[] = "\"0000-00-00T00:00:00.000Z\"";
    twoDigits(text + 1, static_cast<unsigned>(year) / 100);
    twoDigits(text + 3, static_cast<unsigned>(year) % 100);
    twoDigits(text + 6, static_cast<unsigned>(date.month()));
    twoDigits(text + 9, static_cast<unsigned>(date.day()));
    twoDigits(text + 12, ms / 3'600'000);
    twoDigits(text + 15, ms / 60'000 % 60);
    twoDigits(text + 18, ms / 1000 % 60);
    twoDigits(text + 21, ms % 1000 / 10);
    text[23] = static_cast<char>('0' + ms % 10);
    separate();
    put({text, sizeof text - 1});
    return *this;
}

JsonWriter& JsonWriter::null() {
    separate();
    put("null");
    return *this;
}

JsonWriter& JsonWriter::raw(QByteArrayView json) {
    if (json.isEmpty())
        return null();
    separate();
    m_out.append(json);
    return *this;
}

QByteArray JsonWriter::take() {
    m_comma = false;
    return std::exchange(m_out, {});
}

} // namespace vigie
