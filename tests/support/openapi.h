#pragma once

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QSet>
#include <QStringList>

#include <optional>
#include <vector>

namespace vigie {

/// An OpenAPI 3.1 document as a test reads it. A field that no schema names is a mistake here,
/// unless its schema allows more (`additionalProperties`).
class OpenApi {
public:
    explicit OpenApi(const QByteArray& json);

    struct Operation {
        QByteArray method; ///< upper case
        QString path;      ///< template
        QString role;      ///< `x-role`
        QJsonObject fields;
        QJsonArray parameters; ///< of the path and its own, references resolved

        QString name() const { return QString::fromLatin1(method) + QLatin1Char(' ') + path; }
        /// The path and query with the examples of the parameters; `instance` stands for an
        /// instance's id. Nothing, with `missing` naming it, when a path parameter has no example.
        std::optional<QString> exampleCall(const QString& instance, QString& missing) const;
        QByteArray exampleBody() const; ///< empty: there is none
        int exampleStatus() const;      ///< 0: any 2xx
    };
    const std::vector<Operation>& operations() const { return m_operations; }

    /// What is wrong with a real answer; empty: nothing.
    QStringList mistakes(const Operation& operation, int status, const QByteArray& contentType,
                         const QByteArray& body) const;
    /// Names of all properties of all schemas.
    QSet<QString> properties() const;

private:
    QJsonObject resolved(QJsonObject object) const;

    QJsonObject m_root;
    QJsonObject m_strictComponents;
    std::vector<Operation> m_operations;
};

} // namespace vigie
