#include "core/store/postgres/socket.h"

#include <QSqlDatabase>
#include <QSqlDriver>
#include <QVariant>

#include <libpq-fe.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace vigie::stores::postgres {

void Socket::take(const QSqlDatabase& database) {
    release();
    const QVariant handle = database.driver()->handle();
    // PGconn is libpq's other name of struct pg_conn; which one Qt tells depends on its version.
    const QLatin1String type(handle.typeName());
    if (type != QLatin1String("PGconn*") && type != QLatin1String("pg_conn*"))
        return;
    const auto* connection = *static_cast<PGconn* const*>(handle.constData());
    const int descriptor = connection ? PQsocket(connection) : -1;
    const std::lock_guard lock(m_mutex);
    m_descriptor = descriptor < 0 ? -1 : ::dup(descriptor);
}

void Socket::release() {
    const std::lock_guard lock(m_mutex);
    const int descriptor = std::exchange(m_descriptor, -1);
    if (descriptor >= 0)
        ::close(descriptor);
}

void Socket::cut() {
    const std::lock_guard lock(m_mutex);
    if (m_descriptor >= 0)
        ::shutdown(m_descriptor, SHUT_RDWR);
}

} // namespace vigie::stores::postgres
