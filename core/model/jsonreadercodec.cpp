#include "core/model/jsonreader.h"
#include "core/model/jsonscalars.h"

#include <simdjson.h>

#include <bit>

namespace vigie {

namespace {

constexpr std::size_t maxDepth = 64;

QString fromView(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

struct JsonNode::Document {
    simdjson::dom::parser parser;
};

namespace {

/// Elements are two words that point into their document; storing them as bytes keeps the parser's
/// types out of the header.
using Element = simdjson::dom::element;
static_assert(sizeof(Element) == 16 && std::is_trivially_copyable_v<Element>);

Element element(const std::array<std::byte, 16>& bytes) {
    return std::bit_cast<Element>(bytes);
}

std::array<std::byte, 16> bytesOf(Element element) {
    return std::bit_cast<std::array<std::byte, 16>>(element);
}

} // namespace

Failure malformed(const QString& what, QByteArrayView body, const QString& why) {
    Failure failure{FailureKind::Malformed, {}, 0, {}, {}, {}};
    const QByteArrayView start = body.trimmed();
    failure.message = start.isEmpty() ? QStringLiteral("%1 is empty; JSON was expected.").arg(what)
                      : start.front() == '<'
                          ? QStringLiteral("%1 is not JSON but looks like HTML or XML.").arg(what)
                          : QStringLiteral("%1 cannot be read: %2.").arg(what, why);
    return failure;
}

Outcome<JsonNode> JsonNode::parse(const QByteArray& text, const QString& what, qsizetype maxBytes) {
    if (text.size() > maxBytes)
        return fail(FailureKind::TooLarge, QStringLiteral("%1 has %2 bytes; at most %3 are read.")
                                               .arg(what)
                                               .arg(text.size())
                                               .arg(maxBytes));
    auto document = std::make_shared<Document>();
    const auto size = static_cast<std::size_t>(text.size());
    auto error = document->parser.allocate(std::max<std::size_t>(size, 32), maxDepth);
    Element root;
    if (!error)
        error = document->parser.parse(text.constData(), size).get(root);
    if (error)
        return fail(malformed(what, text, QString::fromLatin1(simdjson::error_message(error))));
    JsonNode node;
    node.m_element = bytesOf(root);
    node.m_document = std::move(document);
    return node;
}

bool JsonNode::isAbsent() const {
    return !m_document || element(m_element).is_null();
}

bool JsonNode::isObject() const {
    return m_document && element(m_element).is_object();
}

bool JsonNode::isArray() const {
    return m_document && element(m_element).is_array();
}

JsonNode JsonNode::operator[](std::string_view key) const {
    JsonNode found;
    simdjson::dom::object object;
    Element member;
    if (m_document && !element(m_element).get(object) && !object.at_key(key).get(member)) {
        found.m_element = bytesOf(member);
        found.m_document = m_document;
    }
    return found;
}

std::vector<JsonNode> JsonNode::items() const {
    std::vector<JsonNode> all;
    simdjson::dom::array array;
    if (!m_document || element(m_element).get(array))
        return all;
    all.reserve(array.size());
    for (const Element item : array) {
        JsonNode& node = all.emplace_back();
        node.m_element = bytesOf(item);
        node.m_document = m_document;
    }
    return all;
}

std::vector<std::pair<QString, JsonNode>> JsonNode::members() const {
    std::vector<std::pair<QString, JsonNode>> all;
    simdjson::dom::object object;
    if (!m_document || element(m_element).get(object))
        return all;
    for (const auto& [key, value] : object) {
        JsonNode node;
        node.m_element = bytesOf(value);
        node.m_document = m_document;
        all.emplace_back(fromView(key), std::move(node));
    }
    return all;
}

QString JsonNode::text() const {
    std::string_view text;
    if (!m_document || element(m_element).get(text))
        return {};
    return fromView(text);
}

std::optional<double> JsonNode::number() const {
    double number = 0;
    std::string_view text;
    if (!m_document)
        return std::nullopt;
    if (!element(m_element).get(number))
        return number;
    return element(m_element).get(text) ? std::nullopt : numberFromText(text);
}

std::optional<qint64> JsonNode::integer() const {
    std::int64_t number = 0;
    if (m_document && !element(m_element).get(number))
        return number;
    const auto real = this->number();
    return real ? wholeNumber(*real) : std::nullopt;
}

std::optional<int> JsonNode::smallInteger() const {
    return smallNumber(integer());
}

std::optional<bool> JsonNode::boolean() const {
    bool truth = false;
    if (!m_document || element(m_element).get(truth))
        return std::nullopt;
    return truth;
}

std::optional<WallTime> JsonNode::time() const {
    std::string_view text;
    if (!m_document || element(m_element).get(text))
        return std::nullopt;
    return timeFromText(text);
}

QByteArray JsonNode::compact() const {
    if (isAbsent())
        return {};
    return QByteArray::fromStdString(simdjson::minify(element(m_element)));
}

QByteArray JsonNode::compactObject() const {
    return isObject() ? compact() : QByteArray();
}

} // namespace vigie
