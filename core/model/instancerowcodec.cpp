#include "core/model/instancerowcodec.h"

#include "core/model/instancefields.h"
#include "core/model/jsonscalars.h"

#include <cmath>

namespace vigie::instancerow {

std::optional<std::string_view> textOf(od::value& value) {
    std::string_view text;
    if (value.get_string().get(text))
        return std::nullopt;
    return text;
}

namespace {

std::optional<double> numberOf(od::value& value) {
    double number = 0;
    if (!value.get_double().get(number))
        return std::isfinite(number) ? std::optional(number) : std::nullopt;
    const auto text = textOf(value);
    return text ? numberFromText(*text) : std::nullopt;
}

} // namespace

std::optional<int> smallOf(od::value& value) {
    std::int64_t number = 0;
    if (!value.get_int64().get(number))
        return smallNumber(number);
    const auto real = numberOf(value);
    return real ? smallNumber(wholeNumber(*real)) : std::nullopt;
}

std::optional<WallTime> timeOf(od::value& value) {
    const auto text = textOf(value);
    return text ? timeFromText(*text) : std::nullopt;
}

std::optional<bool> truthOf(od::value& value) {
    bool truth = false;
    return value.get_bool().get(truth) ? std::nullopt : std::optional(truth);
}

namespace {

/// The text of an object, without spaces.
QByteArray objectOf(od::value& value) {
    od::object object;
    std::string_view raw;
    if (value.get_object().get(object) || object.raw_json().get(raw))
        return {};
    QByteArray compact(static_cast<qsizetype>(raw.size()) + simdjson::SIMDJSON_PADDING,
                       Qt::Uninitialized);
    std::size_t size = 0;
    if (simdjson::minify(raw.data(), raw.size(), compact.data(), size))
        return {};
    compact.truncate(static_cast<qsizetype>(size));
    return compact;
}

/// Reads one value into the member that the field names; anything unfit leaves it as it is.
struct FieldReader {
    od::value& value;
    Words& words;
    bool mostlyUnique;

    void operator()(QString& to) const {
        if (const auto text = textOf(value))
            to = mostlyUnique ? Words::plain(*text) : words.word(*text);
    }
    void operator()(QByteArray& to) const { to = objectOf(value); }
    void operator()(bool& to) const {
        if (const auto truth = truthOf(value))
            to = *truth;
    }
    void operator()(int& to) const {
        if (const auto number = smallOf(value))
            to = *number;
    }
    void operator()(std::optional<int>& to) const { to = smallOf(value); }
    void operator()(std::optional<double>& to) const { to = numberOf(value); }
    void operator()(std::optional<WallTime>& to) const { to = timeOf(value); }
    void operator()(std::vector<int>& to) const {
        od::array array;
        if (value.get_array().get(array))
            return;
        to.clear();
        for (auto item : array) {
            od::value element;
            if (item.get(element))
                return;
            if (const auto number = smallOf(element))
                to.push_back(*number);
        }
    }
};

simdjson::error_code readEvidence(od::value& value, std::vector<Evidence>& to, Words& words) {
    od::array array;
    if (value.get_array().get(array))
        return simdjson::SUCCESS;
    for (auto item : array) {
        od::value element;
        if (const auto error = item.get(element))
            return error;
        od::object object;
        if (element.get_object().get(object))
            continue;
        Evidence& evidence = to.emplace_back();
        const auto error = forEachMember(object, [&](std::string_view key, od::value& v) {
            if (key == "source")
                FieldReader{v, words, false}(evidence.source);
            else if (key == "says")
                FieldReader{v, words, true}(evidence.says);
            else if (key == "at")
                evidence.at = timeOf(v).value_or(WallTime{});
            return simdjson::SUCCESS;
        });
        if (error)
            return error;
    }
    return simdjson::SUCCESS;
}

} // namespace

simdjson::error_code readAssessment(od::value& value, std::optional<Assessment>& to, Words& words) {
    od::object object;
    if (value.get_object().get(object))
        return simdjson::SUCCESS;
    Assessment& a = to.emplace();
    return forEachMember(object, [&](std::string_view key, od::value& v) {
        if (key == "evidence")
            return readEvidence(v, a.evidence, words);
        if (key == "verdict") {
            if (const auto text = textOf(v))
                a.verdict = verdictFromString(words.word(*text));
        } else if (key == "rule") {
            FieldReader{v, words, false}(a.rule);
        } else if (key == "blocked_by") {
            FieldReader{v, words, false}(a.blockedBy);
        } else if (key == "phi") {
            a.phi = numberOf(v);
        } else if (key == "heartbeat_age_ms") {
            if (const auto ms = numberOf(v); ms && std::abs(*ms) < 9e12)
                a.heartbeatAge = std::chrono::milliseconds(std::llround(*ms));
        }
        return simdjson::SUCCESS;
    });
}

simdjson::error_code readHeld(od::value& value, std::optional<Held>& to, Words& words) {
    od::object object;
    if (value.get_object().get(object))
        return simdjson::SUCCESS;
    Held& held = to.emplace();
    return forEachMember(object, [&](std::string_view key, od::value& v) {
        if (key == "reason")
            FieldReader{v, words, true}(held.reason);
        else if (key == "actor")
            FieldReader{v, words, false}(held.actor);
        else if (key == "until")
            held.until = timeOf(v);
        return simdjson::SUCCESS;
    });
}

namespace {

const InstanceField* fieldNamed(std::string_view name) {
    static const auto byName = [] {
        std::unordered_map<std::string_view, const InstanceField*> map;
        for (const InstanceField& field : instanceFields())
            map.emplace(field.name, &field);
        return map;
    }();
    const auto found = byName.find(name);
    return found == byName.end() ? nullptr : found->second;
}

} // namespace

simdjson::error_code readInstance(od::object object, Instance& to, Words& words) {
    return forEachMember(object, [&](std::string_view key, od::value& v) {
        if (const InstanceField* field = fieldNamed(key)) {
            std::visit(
                [&](auto member) {
                    FieldReader{v, words, field->mostlyUnique}(to.*member);
                },
                field->member);
        } else if (key == "id") {
            if (const auto text = textOf(v))
                to.id = InstanceId(Words::plain(*text));
        } else if (key == "status") {
            if (const auto text = textOf(v)) {
                to.statusText = words.word(*text);
                to.status = instanceStatusFromString(to.statusText);
            }
        } else if (key == "assessment") {
            return readAssessment(v, to.assessment, words);
        } else if (key == "held") {
            return readHeld(v, to.held, words);
        }
        return simdjson::SUCCESS;
    });
}

} // namespace vigie::instancerow
