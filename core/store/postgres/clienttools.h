#pragma once

#include "core/store/postgres/address.h"

#include <QByteArray>
#include <QProcessEnvironment>

namespace vigie::stores::postgres {

/// PostgreSQL's own programs (pg_dump, pg_restore, psql). They are told where the database is by
/// their environment, so that no password stands in the list of processes.
class ClientTools {
public:
    explicit ClientTools(const Address& address);

    /// Runs a program to its end; what it wrote to its standard output. Storage, with its last
    /// words, when it fails or isn't installed.
    Outcome<QByteArray> run(const QString& program, const QStringList& arguments) const;

private:
    QProcessEnvironment m_environment;
};

} // namespace vigie::stores::postgres
