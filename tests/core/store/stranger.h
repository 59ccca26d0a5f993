#pragma once

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QString>

namespace vigie {

/// Another program at the same file, as a person with a SQLite shell would be.
class Stranger {
public:
    explicit Stranger(const QString& file)
        : m_database(
              QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("other"))) {
        m_database.setDatabaseName(file);
        m_database.open();
    }
    ~Stranger() {
        m_database.close();
        m_database = {};
        QSqlDatabase::removeDatabase(QStringLiteral("other"));
    }
    bool run(const char* sql) {
        QSqlQuery query(m_database);
        return query.exec(QString::fromLatin1(sql));
    }

private:
    QSqlDatabase m_database;
};

} // namespace vigie
