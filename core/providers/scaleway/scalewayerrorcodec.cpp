#include "core/providers/scaleway/scalewayerrorcodec.h"

#include "core/model/jsonreader.h"

#include <QStringList>

namespace vigie {

namespace {

constexpr qsizetype maxErrorBody = 256 * 1024;
constexpr qsizetype maxDetails = 8;

QString numberOrText(const JsonNode& node) {
    if (const auto number = node.number())
        return QString::number(*number, 'g', 12);
    return node.text();
}

/// "commercial_type: constraint (no such type)", "gpu_servers: 2 of 2 used", "servers: write"
QString detailOf(const JsonNode& node) {
    if (const QString argument = node["argument_name"].text(); !argument.isEmpty()) {
        const QString help = node["help_message"].text();
        return QStringLiteral("%1: %2%3")
            .arg(argument, node["reason"].text(),
                 help.isEmpty() ? help : QStringLiteral(" (%1)").arg(help));
    }
    const QString resource = node["resource"].text();
    if (!node["quota"].isAbsent())
        return QStringLiteral("%1: %2 of %3 used")
            .arg(resource, numberOrText(node["current"]), numberOrText(node["quota"]));
    const QString action = node["action"].text();
    return action.isEmpty() ? resource : QStringLiteral("%1: %2").arg(resource, action);
}

} // namespace

ScalewayErrorBody decodeScalewayError(const QByteArray& body) {
    ScalewayErrorBody error;
    const auto root = JsonNode::parse(body, QStringLiteral("Scaleway's error"), maxErrorBody);
    if (!root || !root->isObject())
        return error;
    const JsonNode& node = *root;
    error.type = node["type"].text();
    error.message = node["message"].text();
    for (const char* other : {"help_message", "reason", "precondition", "current_state"}) {
        if (error.message.isEmpty())
            error.message = node[other].text();
    }
    error.resource = node["resource"].text();
    error.resourceId = node["resource_id"].text();
    QStringList clauses;
    for (const JsonNode& each : node["details"].items()) {
        if (clauses.size() < maxDetails)
            clauses.append(detailOf(each));
    }
    for (const auto& [field, reasons] : node["fields"].members()) {
        const auto list = reasons.items();
        if (clauses.size() < maxDetails)
            clauses.append(QStringLiteral("%1: %2").arg(field, list.empty() ? reasons.text()
                                                                            : list.front().text()));
    }
    error.details = clauses.join(QLatin1String("; "));
    for (const JsonNode& place : {node["limit"]["reset"], node["limit"]["reset_seconds"],
                                  node["reset"], node["reset_seconds"]}) {
        if (error.reset.isEmpty())
            error.reset = numberOrText(place);
    }
    return error;
}

} // namespace vigie
