#include "tests/support/openapi.h"

#include <QJsonDocument>
#include <QUrl>

#include <valijson/adapters/qtjson_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace vigie {

namespace {

const QLatin1String schemaKey("schema");

/// Every object with named properties takes no others.
QJsonValue strict(const QJsonValue& value) {
    if (value.isArray()) {
        QJsonArray array;
        for (const QJsonValue& each : value.toArray())
            array.append(strict(each));
        return array;
    }
    if (!value.isObject())
        return value;
    QJsonObject object = value.toObject();
    for (const QString& key : object.keys())
        object.insert(key, strict(object.value(key)));
    if (object.value(QLatin1String("properties")).isObject() &&
        !object.contains(QLatin1String("additionalProperties")))
        object.insert(QLatin1String("additionalProperties"), false);
    return object;
}

void collectProperties(const QJsonValue& value, QSet<QString>& names) {
    if (value.isArray()) {
        for (const QJsonValue& each : value.toArray())
            collectProperties(each, names);
        return;
    }
    const QJsonObject object = value.toObject();
    for (const QString& name : object.value(QLatin1String("properties")).toObject().keys())
        names.insert(name);
    for (const QString& key : object.keys())
        collectProperties(object.value(key), names);
}

QString placeOf(const valijson::ValidationResults::Error& error) {
    QString place;
    for (const std::string& part : error.context)
        place += QString::fromStdString(part);
    return place;
}

QStringList check(const QJsonObject& schema, const QJsonValue& value) {
    QStringList found;
    try {
        valijson::Schema compiled;
        valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
        const QJsonValue root(schema);
        parser.populateSchema(valijson::adapters::QtJsonAdapter(root), compiled);
        valijson::Validator validator;
        valijson::ValidationResults results;
        if (!validator.validate(compiled, valijson::adapters::QtJsonAdapter(value), &results)) {
            valijson::ValidationResults::Error error;
            while (results.popError(error))
                found.append(placeOf(error) + QLatin1String(": ") +
                             QString::fromStdString(error.description));
        }
    } catch (const std::exception& e) {
        found.append(QStringLiteral("the schema can't be used: ") + QString::fromUtf8(e.what()));
    }
    return found;
}

} // namespace

std::optional<QString> OpenApi::Operation::exampleCall(const QString& instance,
                                                       QString& missing) const {
    QString call = path;
    QStringList query;
    for (const QJsonValue& value : parameters) {
        const QJsonObject parameter = value.toObject();
        const QString name = parameter.value(QLatin1String("name")).toString();
        const QString place = parameter.value(QLatin1String("in")).toString();
        const bool isInstance = place == QLatin1String("path") && name == QLatin1String("id") &&
                                path.startsWith(QLatin1String("/instances/"));
        const QString example =
            isInstance ? instance
                       : parameter.value(QLatin1String("example")).toVariant().toString();
        const QString encoded = QString::fromLatin1(QUrl::toPercentEncoding(example));
        if (place == QLatin1String("query") && !example.isEmpty())
            query.append(name + QLatin1Char('=') + encoded);
        if (place != QLatin1String("path"))
            continue;
        if (example.isEmpty()) {
            missing = name;
            return std::nullopt;
        }
        call.replace(QLatin1Char('{') + name + QLatin1Char('}'), encoded);
    }
    if (const qsizetype open = call.indexOf(QLatin1Char('{')); open >= 0) {
        missing = call.mid(open);
        return std::nullopt;
    }
    return query.isEmpty() ? call : call + QLatin1Char('?') + query.join(QLatin1Char('&'));
}

QByteArray OpenApi::Operation::exampleBody() const {
    const QJsonObject media = fields.value(QLatin1String("requestBody"))
                                  .toObject()
                                  .value(QLatin1String("content"))
                                  .toObject()
                                  .value(QLatin1String("application/json"))
                                  .toObject();
    const QJsonValue example = media.value(QLatin1String("example"));
    return example.isArray()    ? QJsonDocument(example.toArray()).toJson()
           : example.isObject() ? QJsonDocument(example.toObject()).toJson()
                                : QByteArray();
}

int OpenApi::Operation::exampleStatus() const {
    return fields.value(QLatin1String("x-example-status")).toInt();
}

OpenApi::OpenApi(const QByteArray& json) : m_root(QJsonDocument::fromJson(json).object()) {
    m_strictComponents = strict(m_root.value(QLatin1String("components"))).toObject();
    const QJsonObject paths = m_root.value(QLatin1String("paths")).toObject();
    for (auto path = paths.begin(); path != paths.end(); ++path) {
        const QJsonObject item = path->toObject();
        for (const char* method : {"get", "put", "post", "delete", "patch"}) {
            const QJsonValue found = item.value(QLatin1String(method));
            if (!found.isObject())
                continue;
            Operation operation;
            operation.method = QByteArray(method).toUpper();
            operation.path = path.key();
            operation.fields = found.toObject();
            const QLatin1String body("requestBody");
            operation.fields.insert(body, resolved(operation.fields.value(body).toObject()));
            operation.role = operation.fields.value(QLatin1String("x-role")).toString();
            for (const QJsonObject& owner : {item, operation.fields}) {
                for (const QJsonValue& each : owner.value(QLatin1String("parameters")).toArray())
                    operation.parameters.append(resolved(each.toObject()));
            }
            m_operations.push_back(std::move(operation));
        }
    }
}

QJsonObject OpenApi::resolved(QJsonObject object) const {
    const QString reference = object.value(QLatin1String("$ref")).toString();
    if (reference.isEmpty())
        return object;
    QJsonValue place = m_root;
    for (const QString& part : reference.mid(2).split(QLatin1Char('/')))
        place = place.toObject().value(part);
    return place.toObject();
}

QStringList OpenApi::mistakes(const Operation& operation, int status, const QByteArray& contentType,
                              const QByteArray& body) const {
    const QJsonObject responses = operation.fields.value(QLatin1String("responses")).toObject();
    const QString number = QString::number(status);
    if (status < 400 && !responses.contains(number))
        return {QStringLiteral("the status %1 is not documented").arg(status)};
    const QJsonObject response =
        resolved(responses.value(responses.contains(number) ? number : QStringLiteral("default"))
                     .toObject());
    const QJsonObject content = response.value(QLatin1String("content")).toObject();
    const QString type = QString::fromLatin1(contentType).section(QLatin1Char(';'), 0, 0).trimmed();
    if (content.isEmpty() && body.isEmpty())
        return {};
    if (!content.contains(type))
        return {QStringLiteral("the content type \"%1\" of status %2 is not documented")
                    .arg(type, number)};
    if (type != QLatin1String("application/json"))
        return {};
    const QJsonDocument answer = QJsonDocument::fromJson(body);
    if (answer.isNull())
        return {QStringLiteral("the body is no JSON")};
    QJsonObject schema = strict(content.value(type).toObject().value(schemaKey)).toObject();
    schema.insert(QLatin1String("components"), m_strictComponents);
    return check(schema,
                 answer.isArray() ? QJsonValue(answer.array()) : QJsonValue(answer.object()));
}

QSet<QString> OpenApi::properties() const {
    QSet<QString> names;
    collectProperties(m_root, names);
    return names;
}

} // namespace vigie
