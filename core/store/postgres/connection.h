#pragma once

#include "core/base/systemclock.h"
#include "core/store/postgres/address.h"
#include "core/store/postgres/serveraccess.h"
#include "core/store/postgres/socket.h"
#include "core/store/sql/connection.h"

namespace vigie::stores::postgres {

/// One session at a PostgreSQL server that is opened again when it was lost.
class Connection final : public sql::Connection {
public:
    enum class Role {
        Writer, ///< migrates the database
        Reader,
        Listener, ///< waits for what others announce
        Inspector ///< only reads, and takes the database as it is; it may hold no store
    };
    /// The failure names the database, the reason and what to do.
    /// `origin` is told with what the writer announces, so that its own listener can leave it out.
    static Outcome<std::unique_ptr<Connection>> open(Address address, Role role, QString origin,
                                                     std::shared_ptr<ServerAccess> access);
    ~Connection() override;

    const sql::Dialect& dialect() const override;
    const Address& address() const { return m_address; }

    Outcome<void> transaction(Access access, const std::function<Outcome<void>()>& work) override;
    Outcome<void> stampHeartbeats(const std::vector<HeartbeatStamp>& beats) override;
    Outcome<void> announce(const StoreNews& news) override;
    Outcome<void> checkSchema() override;
    Outcome<void> ready() override;
    std::optional<Failure> spoilt() override;
    Outcome<bool> revived() override;
    std::chrono::milliseconds patience() const override { return std::chrono::seconds(10); }
    void interrupt() override { m_socket.cut(); }

    /// What other origins announced since the last call, waiting up to `patience` for the first of
    /// it or until `wake` (a file descriptor) can be read. Only for the role Listener.
    Outcome<std::vector<QString>> announced(int wake, std::chrono::milliseconds patience);

protected:
    Failure failureOf(const QSqlError& error) const override;
    QString beginOf(Access access) const override;
    QVariant bindable(const QVariant& value) const override;

private:
    Connection(Address address, Role role, QString origin, std::shared_ptr<ServerAccess> access);
    Outcome<void> connect();
    Outcome<void> beginSession();
    Outcome<void> readIdentity();
    Outcome<void> stillTheSame();
    Outcome<void> once(Access access, const std::function<Outcome<void>()>& work);
    Outcome<void> settle(const QString& transactionId, const Failure& lost);
    Outcome<void> reconnect();
    Outcome<void> breakOff(const FaultRule& rule);
    Failure injected(const FaultRule& rule, const QString& what) const;
    Outcome<void> sessionAnew();
    bool alive() const;

    const Address m_address;
    const Role m_role;
    const QString m_origin;
    Socket m_socket;
    const std::shared_ptr<ServerAccess> m_access; ///< of all sessions at this server
    /// Read for the breaker only; nothing here is scheduled, and the thread runs no event loop.
    const SystemClock m_clock;
    QString m_storeId;                 ///< of the database that was opened first
    bool m_doubtful = false;           ///< what was begun last may have been done
    bool m_undone = false;             ///< it was not, as the server says
    std::optional<FaultRule> m_spoils; ///< takes the answer of what was begun last
};

/// Failure::code of a transaction that another one was in the way of; nothing of it was done.
inline constexpr QLatin1String transactionLost("transaction_lost");

/// What libpq says of a connection that could not be made, as the reason in a sentence that tells
/// what to do.
QString whyNotConnected(const QString& says, const Address& address);

} // namespace vigie::stores::postgres
