#pragma once

#include "core/base/outcome.h"

#include <QStringList>

namespace vigie::stores::postgres {

/// Where a PostgreSQL database is and who asks it, read from a URL.
struct Address {
    QString host; ///< a name, an IP address, or the folder of a Unix socket; empty: libpq's default
    int port = 5432;
    QString user, password; ///< an empty password is looked up by libpq (PGPASSFILE, ~/.pgpass)
    QString database;
    QStringList options; ///< "sslmode='require'", as libpq takes them

    /// Reads what follows "postgresql:", such as
    /// "//vigie@db.example.org:5432/fleet?sslmode=require". Invalid names the part that is wrong
    /// and what it may be; a password is in no message.
    static Outcome<Address> parse(const QString& text);

    /// "postgresql://vigie@db.example.org:5432/fleet", without any password.
    QString display() const;
};

} // namespace vigie::stores::postgres
