#pragma once

#include "core/http/httpclient.h"
#include "tests/support/await.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace vigie {

/// What is asked of a daemon that may die at any moment: a status of 0 is no answer.
struct Answered {
    int status = 0;
    QByteArray body;
};

/// Asks a daemon as its admin.
class Caller {
public:
    explicit Caller(const QJsonObject& line) : m_url(line.value(QLatin1String("url")).toString()) {
        QFile file(line.value(QLatin1String("token_file")).toString());
        if (file.open(QIODevice::ReadOnly))
            m_token = file.readAll().trimmed();
    }
    HttpRequest request(const QByteArray& method, const QString& path,
                        const QByteArray& body = {}) const {
        HttpRequest made;
        made.method = method;
        made.url = QUrl(m_url + path);
        made.headers = {{"Authorization", "Bearer " + m_token}};
        made.body = body;
        return made;
    }
    Answered call(HttpRequest made) {
        const auto reply = *await(m_http.send(std::move(made), {}));
        return reply ? Answered{reply->status, reply->body} : Answered{};
    }
    QJsonArray instances() {
        return QJsonDocument::fromJson(call(request("GET", QStringLiteral("/instances"))).body)
            .array();
    }

    HttpClient& http() { return m_http; }

private:
    QString m_url;
    QByteArray m_token;
    SystemClock m_clock;
    HttpClient m_http{m_clock};
};

} // namespace vigie
