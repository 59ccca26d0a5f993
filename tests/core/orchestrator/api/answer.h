#pragma once

#include "core/http/httpserver.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <memory>

namespace vigie {

/// What the API answered.
struct Answer {
    int status = 0;
    QByteArray body;
    HttpHeaders headers;
    std::shared_ptr<ResponseStream> stream{};

    QByteArray header(const QByteArray& name) const {
        for (const auto& [key, value] : headers) {
            if (key.compare(name, Qt::CaseInsensitive) == 0)
                return value;
        }
        return {};
    }
    QJsonObject object() const { return QJsonDocument::fromJson(body).object(); }
    QJsonArray array() const { return QJsonDocument::fromJson(body).array(); }
    QString text(const char* key) const { return object().value(QLatin1String(key)).toString(); }
    QString error() const { return text("error"); }
};

} // namespace vigie
