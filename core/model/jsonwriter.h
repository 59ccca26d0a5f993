#pragma once

#include "core/base/clock.h"

#include <QByteArray>
#include <QString>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace vigie {

/// Writes JSON as bytes, without building a tree first. The caller keeps begin and end balanced;
/// commas are its own business.
class JsonWriter {
public:
    explicit JsonWriter(qsizetype reserve = 256);
    JsonWriter(const JsonWriter&) = delete;
    JsonWriter& operator=(const JsonWriter&) = delete;

    JsonWriter& beginObject();
    JsonWriter& endObject();
    JsonWriter& beginArray();
    JsonWriter& endArray();
    /// `name` is plain ASCII without anything to escape.
    JsonWriter& key(std::string_view name) {
        char* at = room(static_cast<qsizetype>(name.size()) + 4);
        if (m_comma)
            *at++ = ',';
        *at++ = '"';
        at = std::copy(name.begin(), name.end(), at);
        *at++ = '"';
        *at++ = ':';
        advance(at);
        m_comma = false;
        return *this;
    }
    /// Any name, escaped.
    JsonWriter& keyText(QStringView name);

    /// A lone surrogate becomes a question mark.
    JsonWriter& value(QStringView text);
    JsonWriter& value(const QString& text) { return value(QStringView(text)); }
    JsonWriter& value(qint64 number);
    JsonWriter& value(int number) { return value(static_cast<qint64>(number)); }
    /// Shortest form that reads back as the same number; NaN and infinities are null.
    JsonWriter& value(double number);
    JsonWriter& value(bool truth) { return word(truth ? "true" : "false"); }
    JsonWriter& value(const char*) = delete;
    /// RFC 3339, UTC, milliseconds.
    JsonWriter& value(WallTime time);
    JsonWriter& null() { return word("null"); }
    /// JSON text that is known to be valid, as it is; null when empty.
    JsonWriter& raw(QByteArrayView json);

    template <typename T>
    JsonWriter& value(const std::optional<T>& maybe) {
        return maybe ? value(*maybe) : null();
    }
    template <typename T>
    JsonWriter& field(std::string_view name, const T& content) {
        return key(name).value(content);
    }
    /// A text field that is null when empty.
    JsonWriter& textOrNull(std::string_view name, const QString& text) {
        return text.isEmpty() ? key(name).null() : key(name).value(text);
    }
    /// Fields that are left out altogether when there is nothing to tell.
    JsonWriter& textIfAny(std::string_view name, const QString& text) {
        return text.isEmpty() ? *this : key(name).value(text);
    }
    template <typename T>
    JsonWriter& fieldIfAny(std::string_view name, const std::optional<T>& maybe) {
        return maybe ? key(name).value(*maybe) : *this;
    }

    /// What was written so far; the writer is empty afterwards.
    QByteArray take();
    /// The same, exactly as large as its text, while the writer keeps its room for the next one.
    QByteArray takeCopy();

private:
    /// Where at least `bytes` more can be written; advance() then says how many were.
    char* room(qsizetype bytes) {
        if (m_out.size() - m_size < bytes)
            grow(bytes);
        return m_begin + m_size;
    }
    void grow(qsizetype bytes);
    void advance(const char* end) { m_size = end - m_begin; }
    void separate() {
        if (std::exchange(m_comma, true))
            put(',');
    }
    void put(char byte) {
        *room(1) = byte;
        ++m_size;
    }
    void put(std::string_view bytes) {
        advance(std::copy(bytes.begin(), bytes.end(), room(static_cast<qsizetype>(bytes.size()))));
    }
    JsonWriter& word(std::string_view literal) {
        separate();
        put(literal);
        return *this;
    }

    // Qt's append costs several times as much as copying the few bytes that a member has.
    QByteArray m_out;
    char* m_begin;
    qsizetype m_size = 0;
    bool m_comma = false; // a value stands before what comes next
};

} // namespace vigie
