#include "core/model/jsonwriter.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

namespace vigie {

using namespace std::chrono;

namespace {

char* putEscape(char* at, char16_t c) {
    static constexpr char hex[] = "0123456789abcdef";
    static constexpr std::u16string_view escaped = u"\"\\\n\r\t";
    *at++ = '\\';
    if (const auto known = escaped.find(c); known != escaped.npos) {
        *at++ = "\"\\nrt"[known];
        return at;
    }
    for (const char each : {'u', '0', '0', hex[(c >> 4) & 15], hex[c & 15]})
        *at++ = each;
    return at;
}

constexpr qsizetype longestEscape = 6;

bool isPlain(char16_t c) {
    return (c >= 0x20) & (c < 0x80) & (c != u'"') & (c != u'\\');
}

/// Puts a block of characters, of which the compiler makes one step; false when one of them isn't
/// plain, and what was put is rubbish.
template <qsizetype size>
bool putPlainBlock(char* to, const char16_t* at) {
    std::array<char16_t, size> block; // copies, because `to` could lie in `at`
    std::array<char, size> narrow;
    std::copy_n(at, size, block.begin());
    char16_t foreign = 0;
    for (const char16_t c : block)
        foreign |= !isPlain(c);
    for (std::size_t i = 0; i < size; ++i)
        narrow[i] = static_cast<char>(block[i]);
    std::copy_n(narrow.begin(), size, to);
    return foreign == 0;
}

/// Puts blocks as long as they are plain.
template <qsizetype size>
void putPlainBlocks(char*& to, const char16_t*& at, const char16_t* end) {
    for (; end - at >= size && putPlainBlock<size>(to, at); at += size)
        to += size;
}

void twoDigits(char* at, unsigned number) {
    at[0] = static_cast<char>('0' + number / 10);
    at[1] = static_cast<char>('0' + number % 10);
}

} // namespace

JsonWriter::JsonWriter(qsizetype reserve)
    : m_out(reserve, Qt::Uninitialized), m_begin(m_out.data()) {}

void JsonWriter::grow(qsizetype bytes) {
    m_out.resize(std::max(m_size + bytes, 2 * m_out.size()));
    m_begin = m_out.data();
}

JsonWriter& JsonWriter::beginObject() {
    separate();
    put('{');
    m_comma = false;
    return *this;
}

JsonWriter& JsonWriter::endObject() {
    put('}');
    m_comma = true;
    return *this;
}

JsonWriter& JsonWriter::beginArray() {
    separate();
    put('[');
    m_comma = false;
    return *this;
}

JsonWriter& JsonWriter::endArray() {
    put(']');
    m_comma = true;
    return *this;
}

JsonWriter& JsonWriter::keyText(QStringView name) {
    value(name);
    put(':');
    m_comma = false;
    return *this;
}

JsonWriter& JsonWriter::value(QStringView text) {
    separate();
    put('"');
    const auto* at = text.utf16();
    const auto* const end = at + text.size();
    while (at != end) {
        char* to = room(end - at + longestEscape); // if all of it is plain, which it mostly is
        putPlainBlocks<16>(to, at, end);
        putPlainBlocks<4>(to, at, end); // most words are shorter, and an id has 36 letters
        while (at != end && isPlain(*at))
            *to++ = static_cast<char>(*at++);
        if (at != end && *at < 0x80)
            to = putEscape(to, *at++);
        advance(to);
        const auto* foreign = at;
        while (foreign != end && *foreign >= 0x80)
            ++foreign;
        if (foreign != at) {
            const QByteArray utf8 = QStringView(at, foreign).toUtf8();
            put({utf8.constData(), static_cast<std::size_t>(utf8.size())});
            at = foreign;
        }
    }
    put('"');
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

JsonWriter& JsonWriter::raw(QByteArrayView json) {
    if (json.isEmpty())
        return null();
    separate();
    put({json.data(), static_cast<std::size_t>(json.size())});
    return *this;
}

QByteArray JsonWriter::take() {
    m_comma = false;
    m_out.resize(std::exchange(m_size, 0));
    QByteArray taken = std::exchange(m_out, {});
    m_begin = m_out.data();
    return taken;
}

QByteArray JsonWriter::takeCopy() {
    m_comma = false;
    return QByteArray(m_begin, std::exchange(m_size, 0));
}

} // namespace vigie
