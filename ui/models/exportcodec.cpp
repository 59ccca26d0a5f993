#include "ui/models/exportcodec.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace vigie {

namespace {

bool isText(const QVariant& value) {
    return value.userType() == QMetaType::QString;
}

QByteArray csvField(const QVariant& value) {
    QString text = value.toString();
    if (isText(value) && !text.isEmpty() && QStringLiteral("=+-@\t\r").contains(text.front()))
        text.prepend(QLatin1Char('\''));
    if (text.contains(QLatin1Char('"')) || text.contains(QLatin1Char(',')) ||
        text.contains(QLatin1Char('\n')) || text.contains(QLatin1Char('\r'))) {
        text.replace(QLatin1Char('"'), QLatin1String("\"\""));
        text = QLatin1Char('"') + text + QLatin1Char('"');
    }
    return text.toUtf8();
}

QByteArray csvLine(const QVariantList& values) {
    QByteArray line;
    for (const QVariant& value : values) {
        if (&value != &values.first())
            line += ',';
        line += csvField(value);
    }
    return line + "\r\n";
}

} // namespace

QByteArray toCsv(const TableModel::Extract& extract) {
    QVariantList headers;
    for (const QString& header : extract.headers)
        headers.append(header);
    QByteArray csv = csvLine(headers);
    for (const QVariantList& row : extract.rows)
        csv += csvLine(row);
    return csv;
}

QByteArray toJson(const TableModel::Extract& extract) {
    QJsonArray rows;
    for (const QVariantList& row : extract.rows) {
        QJsonObject object;
        for (qsizetype i = 0; i < row.size(); ++i)
            object.insert(extract.headers.at(i), QJsonValue::fromVariant(row.at(i)));
        rows.append(object);
    }
    return QJsonDocument(rows).toJson(QJsonDocument::Indented);
}

} // namespace vigie
