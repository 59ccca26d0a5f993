#include "core/model/instancecodec.h"

#include "core/model/breakercodec.h"
#include "core/model/instancerowcodec.h"
#include "core/model/jsonreader.h"
#include "core/model/volumecodec.h"

namespace vigie {

namespace od = simdjson::ondemand;
using namespace instancerow;

namespace {

constexpr std::size_t maxDepth = 64;

/// Reads the three shapes a list of instances comes in.
class ListReader {
public:
    explicit ListReader(InstanceList& list) : m_list(list) {}

    simdjson::error_code read(od::document& document) {
        od::json_type type{};
        if (const auto error = document.type().get(type))
            return error;
        if (type == od::json_type::array) {
            od::array array;
            const auto error = document.get_array().get(array);
            return error ? error : rows(array);
        }
        od::object object;
        if (type != od::json_type::object)
            return simdjson::SUCCESS;
        if (const auto error = document.get_object().get(object))
            return error;
        return forEachMember(object,
                             [this](std::string_view key, od::value& v) { return member(key, v); });
    }

    bool foundRows() const { return m_foundRows; }
    int rowsRead() const { return m_row; }

private:
    simdjson::error_code rows(od::array array) {
        m_foundRows = true;
        for (auto item : array) {
            od::value element;
            if (const auto error = item.get(element))
                return error;
            ++m_row;
            od::object object;
            if (element.get_object().get(object)) {
                skipped(QStringLiteral("row %1 is no object").arg(m_row));
                continue;
            }
            const auto instance = std::make_shared<Instance>();
            if (const auto error = readInstance(object, *instance, m_words))
                return error;
            if (instance->id.isEmpty())
                skipped(QStringLiteral("row %1 has no id").arg(m_row));
            else
                m_list.instances.push_back(instance);
        }
        return simdjson::SUCCESS;
    }

    void skipped(const QString& why) {
        if (m_list.unreadable++ == 0)
            m_list.firstUnreadable = why;
    }

    simdjson::error_code member(std::string_view key, od::value& v) {
        od::array array;
        if (key == "instances" || key == "rows")
            return v.get_array().get(array) ? simdjson::SUCCESS : rows(array);
        if (key == "cursor")
            m_list.cursor = Words::plain(textOf(v).value_or(std::string_view()));
        else if (key == "server_time")
            m_list.serverTime = timeOf(v);
        else if (key == "full")
            m_list.full = truthOf(v).value_or(true);
        else if (key == "offset")
            count(v, &PageCounts::offset);
        else if (key == "limit")
            count(v, &PageCounts::limit);
        else if (key == "total_count")
            count(v, &PageCounts::totalCount);
        else if (key == "filtered_count")
            count(v, &PageCounts::filteredCount);
        else if (key == "removed" && !v.get_array().get(array))
            return removed(array);
        else if (key == "breakers" && !v.get_array().get(array))
            return breakers(array);
        return simdjson::SUCCESS;
    }

    void count(od::value& v, int PageCounts::*which) {
        if (const auto number = smallOf(v)) {
            if (!m_list.page)
                m_list.page.emplace();
            (*m_list.page).*which = *number;
        }
    }

    simdjson::error_code removed(od::array array) {
        for (auto item : array) {
            od::value element;
            if (const auto error = item.get(element))
                return error;
            if (const auto id = textOf(element); id && !id->empty())
                m_list.removed.emplace_back(Words::plain(*id));
        }
        return simdjson::SUCCESS;
    }

    simdjson::error_code breakers(od::array array) {
        std::string_view raw;
        if (const auto error = array.raw_json().get(raw))
            return error;
        const auto read =
            decodeBreakers(QByteArray::fromRawData(raw.data(), static_cast<qsizetype>(raw.size())));
        if (!read)
            return simdjson::TAPE_ERROR;
        m_list.breakers = *read;
        return simdjson::SUCCESS;
    }

    InstanceList& m_list;
    Words m_words;
    bool m_foundRows = false;
    int m_row = 0;
};

/// One parser with the text it reads, which on-demand parsing needs padded and alive.
struct Text {
    explicit Text(const QByteArray& body)
        : padded(body.constData(), static_cast<std::size_t>(body.size())) {}
    simdjson::error_code open() {
        if (const auto error = parser.allocate(std::max<std::size_t>(padded.size(), 64), maxDepth))
            return error;
        return parser.iterate(padded).get(document);
    }
    /// An error when something follows the value.
    simdjson::error_code close() {
        return document.current_location().error() == simdjson::OUT_OF_BOUNDS
                   ? simdjson::SUCCESS
                   : simdjson::TRAILING_CONTENT;
    }
    simdjson::padded_string padded;
    od::parser parser;
    od::document document;
};

QString reason(simdjson::error_code error) {
    return QString::fromLatin1(simdjson::error_message(error));
}

/// Reads a lone object with `read(value, to, words)`; nothing when there is none.
template <typename T, typename Read>
std::optional<T> readLone(const QByteArray& json, const Read& read) {
    Text text(json);
    Words words;
    std::optional<T> to;
    od::value value;
    if (text.open() || text.document.get_value().get(value) || read(value, to, words))
        return std::nullopt;
    return to;
}

} // namespace

Outcome<InstanceList> decodeInstances(const QByteArray& body) {
    const QString what = QStringLiteral("The list of instances");
    InstanceList list;
    ListReader reader(list);
    Text text(body);
    auto error = text.open();
    if (!error)
        error = reader.read(text.document);
    if (!error && reader.foundRows())
        error = text.close();
    if (error)
        return fail(malformed(
            what, body,
            reader.rowsRead() == 0
                ? reason(error)
                : QStringLiteral("near row %1: %2").arg(reader.rowsRead()).arg(reason(error))));
    if (!reader.foundRows())
        return fail(malformed(what, body,
                              QStringLiteral("neither an array nor an object with an array "
                                             "\"instances\" or \"rows\"")));
    if (list.instances.empty() && list.unreadable > 0)
        return fail(malformed(what, body,
                              QStringLiteral("none of %1 rows is an instance; %2")
                                  .arg(list.unreadable)
                                  .arg(list.firstUnreadable)));
    return list;
}

Outcome<InstanceDetail> decodeInstanceDetail(const QByteArray& body) {
    const QString what = QStringLiteral("The instance");
    const auto root = JsonNode::parse(body, what);
    if (!root)
        return fail(root.error());
    InstanceDetail detail;
    Text text(body);
    Words words;
    od::object object;
    if (!root->isObject() || text.open() || text.document.get_object().get(object) ||
        readInstance(object, detail.instance, words) || detail.instance.id.isEmpty())
        return fail(malformed(what, body, QStringLiteral("an object with an id was expected")));
    detail.volumes = readVolumes((*root)["storages"]);
    for (Volume& volume : detail.volumes)
        volume.instanceId = detail.instance.id;
    return detail;
}

std::optional<Assessment> decodeAssessment(const QByteArray& json) {
    return readLone<Assessment>(json, readAssessment);
}

std::optional<Held> decodeHeld(const QByteArray& json) {
    return readLone<Held>(json, readHeld);
}

} // namespace vigie
