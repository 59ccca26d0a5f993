#pragma once

#include "core/model/action.h"
#include "core/model/instance.h"
#include "core/model/volume.h"
#include "tests/support/faultyserver.h"

#include <QSet>

#include <map>

namespace vigie {

/// An orchestrator that is not ours: it serves part A of the contract and nothing else. All of part
/// B is answered 404, each time with another odd body. The test owns its fleet and its failures.
class PartAServer {
public:
    enum class Login {
        Cookie, ///< a session cookie, nothing in the body
        Token,  ///< {"token": ...} and no cookie
    };

    explicit PartAServer(quint16 port = 0);

    // The fleet; changes show in the next answer.
    Instance& add(const QString& id, InstanceStatus status = InstanceStatus::Ready);
    Instance& instance(const QString& id) { return m_instances.at(id); }
    void remove(const QString& id) { m_instances.erase(id); }
    void setStatus(const QString& id, InstanceStatus status);
    /// A heartbeat of this worker now, by the server's clock.
    void beat(const QString& id);
    void beatAll();
    void addVolume(const QString& instance, const Volume& volume);
    const std::vector<ActionLog>& log() const { return m_log; }

    // Access. Without any of these, everything is open.
    void setAccount(const QString& email, const QString& password, Login how = Login::Cookie);
    void setToken(const QByteArray& token) { m_token = token; }
    /// Sessions handed out so far are worth nothing any more.
    void dropSessions() { m_sessions.clear(); }

    /// The server's wall clock minus the real one.
    void setClockAhead(Duration ahead) { m_ahead = ahead; }
    /// This fault for requests to a path ("/instances"), or to all ("*"), until it is cleared.
    void setFault(const QString& path, Fault fault) { m_faults[path] = std::move(fault); }
    void clearFaults() { m_faults.clear(); }
    void stop() { m_server.stop(); }
    bool start() { return m_server.start(); }

    QUrl url() const { return m_server.url(QString()); }
    /// How often a path was asked for; "POST /auth/login".
    int count(const QByteArray& methodAndPath) const;
    const QList<FaultyRequest>& requests() const { return m_server.requests(); }
    FaultyServer& server() { return m_server; }

private:
    struct Call {
        QByteArray method;
        QString path;
        QUrl url;
        const FaultyRequest* request = nullptr;
    };

    Fault answer(const FaultyRequest& request);
    Fault route(const Call& call);
    Fault login(const FaultyRequest& request);
    Fault instances(const Call& call) const;
    Fault oneInstance(const Call& call);
    Fault act(Action action, Instance& instance, const Call& call);
    Fault actionLogs(const Call& call) const;
    Fault notServed();
    bool mayCall(const FaultyRequest& request) const;
    WallTime now() const;

    FaultyServer m_server;
    SystemClock m_clock;
    std::map<QString, Instance> m_instances;
    std::map<QString, std::vector<Volume>> m_volumes;
    std::vector<ActionLog> m_log; ///< newest first
    std::map<QString, Fault> m_faults;
    QString m_email, m_password;
    Login m_login = Login::Cookie;
    QByteArray m_token;
    QSet<QByteArray> m_sessions;
    Duration m_ahead{};
    int m_oddBodies = 0;
};

} // namespace vigie
