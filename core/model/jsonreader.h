#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"

#include <QByteArray>
#include <QString>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace vigie {

/// The failure of a body that is not what the contract says. `what` names the body ("the heartbeat
/// of a worker"), `why` says what is wrong and where; HTML is called by its name.
Failure malformed(const QString& what, QByteArrayView body, const QString& why);

/// One value of a parsed JSON text, read tolerantly: what is absent, null or of another type than
/// the one asked for is absent. Cheap to copy; keeps the text it came from alive.
class JsonNode {
public:
    JsonNode() = default;

    /// Malformed when `text` is not one complete JSON value in UTF-8, nested at most 64 deep;
    /// TooLarge over `maxBytes`. `what` names the text in the sentence.
    static Outcome<JsonNode> parse(const QByteArray& text, const QString& what,
                                   qsizetype maxBytes = 16 * 1024 * 1024);

    bool isAbsent() const; ///< not there, or null
    bool isObject() const;
    bool isArray() const;

    /// The member of an object; absent when this is no object.
    JsonNode operator[](std::string_view key) const;
    /// The elements of an array; empty when this is none.
    std::vector<JsonNode> items() const;
    /// The members of an object in their order; empty when this is none.
    std::vector<std::pair<QString, JsonNode>> members() const;

    QString text() const;                  ///< of a string; empty otherwise
    std::optional<double> number() const;  ///< also a number in a string
    std::optional<qint64> integer() const; ///< also in a string, or with a zero fraction
    std::optional<int> smallInteger() const;
    std::optional<bool> boolean() const;
    std::optional<WallTime> time() const; ///< RFC 3339 in a string
    QByteArray compact() const;           ///< its JSON without spaces; empty when absent
    QByteArray compactObject() const;     ///< the same for an object only; else empty

private:
    struct Document;
    std::shared_ptr<const Document> m_document;
    alignas(std::size_t) std::array<std::byte, 16> m_element{};
};

} // namespace vigie
