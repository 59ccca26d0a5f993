#include "core/calls/faultcodec.h"

#include "core/base/timeformat.h"
#include "core/config/nearestname.h"
#include "core/config/settingvalue.h"
#include "core/config/tomlcodec.h"

#include <functional>

namespace vigie {

namespace {

struct Field {
    SettingSpec spec;
    std::function<void(FaultRule&, const QVariant&)> set;
};

SettingSpec spec(const char* key, SettingType type, std::optional<double> from = {},
                 std::optional<double> to = {}) {
    SettingSpec made;
    made.key = QString::fromLatin1(key);
    made.type = type;
    made.minimum = from;
    made.maximum = to;
    return made;
}

Field span(const char* key, std::chrono::nanoseconds FaultRule::*field) {
    return {spec(key, SettingType::Seconds, 0, 30 * 86400.0),
            [field](FaultRule& rule, const QVariant& value) {
                rule.*field = fromSeconds(value.toDouble());
            }};
}

std::vector<Field> madeFields() {
    using Kind = FaultRule::Kind;
    std::vector<Field> fields{
        {spec("key", SettingType::Text),
         [](FaultRule& rule, const QVariant& value) { rule.key = value.toString().toStdString(); }},
        {spec("rate", SettingType::Number, 1e-9, 1),
         [](FaultRule& rule, const QVariant& value) { rule.rate = value.toDouble(); }},
        {spec("kind", SettingType::Text),
         [](FaultRule& rule, const QVariant& value) {
             const QString word = value.toString();
             rule.kind = word == u"latency"   ? Kind::Latency
                         : word == u"outcome" ? Kind::Outcome
                                              : Kind::Fault;
         }},
        {spec("error_class", SettingType::Text),
         [](FaultRule& rule, const QVariant& value) {
             rule.errorClass =
                 errorClassFromString(value.toString().toStdString()).value_or(rule.errorClass);
         }},
        span("latency_seconds", &FaultRule::latency),
        span("start_seconds", &FaultRule::start),
        span("length_seconds", &FaultRule::length),
        span("every_seconds", &FaultRule::every),
    };
    fields[2].spec.allowed = {QStringLiteral("fault"), QStringLiteral("latency"),
                              QStringLiteral("outcome")};
    for (std::size_t i = 0; i < errorClassCount; ++i)
        fields[3].spec.allowed.append(QString::fromLatin1(toString(static_cast<ErrorClass>(i))));
    return fields;
}

const std::vector<Field>& fields() {
    static const std::vector<Field> made = madeFields();
    return made;
}

QString where(const QString& name, const TomlEntry& entry) {
    return QStringLiteral("%1:%2: %3").arg(name, QString::number(entry.line), entry.path);
}

/// What is wrong with an entry; empty when it was taken.
QString take(const TomlEntry& entry, const QString& key, FaultRule& rule) {
    QStringList known;
    for (const Field& field : fields()) {
        known.append(field.spec.key);
        if (field.spec.key != key)
            continue;
        const auto value = settingFromValue(field.spec, entry.value);
        if (!value)
            return QStringLiteral(" is %1, but must be %2")
                .arg(entry.shown, settingAllowed(field.spec));
        field.set(rule, *value);
        return {};
    }
    const QString nearest = nearestName(key, known);
    return nearest.isEmpty()
               ? QStringLiteral(": there is no such key")
               : QStringLiteral(": there is no such key; did you mean %1?").arg(nearest);
}

} // namespace

Outcome<std::vector<FaultRule>> readFaultRules(const QByteArray& toml, const QString& name) {
    const auto entries = readToml(toml, name);
    if (!entries)
        return fail(entries.error());
    std::vector<std::pair<QString, FaultRule>> rules;
    QStringList mistakes;
    for (const TomlEntry& entry : *entries) {
        const qsizetype dot = entry.path.lastIndexOf(u'.');
        if (dot < 0) {
            mistakes.append(where(name, entry) +
                            QStringLiteral(": must stand in a table that names the rule"));
            continue;
        }
        const QString title = entry.path.left(dot);
        if (rules.empty() || rules.back().first != title)
            rules.emplace_back(title, FaultRule());
        if (const QString wrong = take(entry, entry.path.mid(dot + 1), rules.back().second);
            !wrong.isEmpty())
            mistakes.append(where(name, entry) + wrong);
    }
    std::vector<FaultRule> made;
    for (const auto& [title, rule] : rules) {
        if (const std::string wrong = rule.problem(); !wrong.empty() && mistakes.isEmpty())
            mistakes.append(
                QStringLiteral("%1: [%2]: %3").arg(name, title, QString::fromStdString(wrong)));
        made.push_back(rule);
    }
    if (!mistakes.isEmpty())
        return fail(FailureKind::Invalid, mistakes.join(u'\n'));
    return made;
}

} // namespace vigie
