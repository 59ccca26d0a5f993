#pragma once

#include "tests/support/faultyserver.h"

#include <QJsonObject>
#include <QProcess>

#include <deque>
#include <map>
#include <memory>
#include <optional>

namespace vigie {

/// Scaleway's instance and block API on a loopback port, as far as it is known from
/// facts/scaleway.md: servers, user-data, actions, volumes of both APIs, the catalogue. A server
/// that is switched on runs the worker that its user-data names, as a process. It misbehaves as
/// told, and counts what was really made.
class FakeScaleway : public QObject {
    Q_OBJECT
public:
    struct Server {
        QString id, zone, name, type, state = QStringLiteral("stopped");
        QString address;
        QStringList tags;
        QByteArray userData;
        QStringList volumes;
        QStringList allowedActions{QStringLiteral("poweron"), QStringLiteral("poweroff"),
                                   QStringLiteral("reboot"), QStringLiteral("terminate")};
        bool listed = true; ///< false: exists, but no list shows it yet
    };
    struct Volume {
        QString id, zone, name, status = QStringLiteral("available");
        bool block = true; ///< of the block API, else of the instance API
        QString server;    ///< it is attached to; may be one that is gone already
        QStringList tags;
        qint64 bytes = 40'000'000'000;
    };
    /// One misbehaviour, for the first request whose method and path fit.
    struct Trouble {
        QByteArray method; ///< empty: any
        QByteArray path;   ///< a part of the target
        Fault fault;
        bool takesEffect = false; ///< the request is carried out, its answer is the fault
        int times = 1;
    };

    explicit FakeScaleway(QObject* parent = nullptr);
    ~FakeScaleway() override;

    QUrl url() const;
    static QByteArray secretKey() { return "11111111-2222-3333-4444-555555555555"; }
    static QString project() { return QStringLiteral("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"); }
    static QString image() { return QStringLiteral("cccccccc-0000-0000-0000-000000000001"); }

    void trouble(Trouble trouble) { m_troubles.push_back(std::move(trouble)); }
    bool troubleLeft() const { return !m_troubles.empty(); }

    std::map<QString, Server> servers;
    std::map<QString, Volume> volumes;
    bool listsLag = false;      ///< new servers are missing from lists until showAll()
    bool statesLag = false;     ///< actions end with settleStates()
    bool volumesLinger = false; ///< those of deleted servers stay in use until freeVolumes()
    int quota = 1000;           ///< servers
    bool publicAddresses = true;
    QStringList outOfStock; ///< types
    QString workerProgram;  ///< empty: switched on, a server runs nothing
    int created = 0;        ///< servers really made
    std::map<QString, int> createdByTag;
    QStringList deletedServers, deletedVolumes;

    void showAll();
    void settleStates();
    void freeVolumes();
    Server& addServer(const QString& zone, const QStringList& tags);
    Volume& addVolume(const QString& zone, bool block, const QStringList& tags);
    const QList<FaultyRequest>& requests() const { return m_http.requests(); }
    int requestsLike(const QByteArray& method, const QByteArray& path) const;
    int workersRunning() const;
    void killWorker(const QString& server);
    /// What the user-data of a server tells its worker.
    static QHash<QString, QString> workerEnvironment(const QByteArray& userData);

private:
    struct Call {
        QByteArray method;
        QString zone;
        QStringList path; ///< below the zone
        QHash<QString, QString> query;
        QByteArray body;
    };

    Fault answer(const FaultyRequest& request);
    Fault route(const FaultyRequest& request);
    Fault serve(const Call& call);
    Fault serveServer(const Call& call, Server& server);
    Fault act(Server& server, const QString& action);
    Fault create(const Call& call);
    Fault serveVolumes(const Call& call, bool block);
    Fault serveProducts(const Call& call);
    void switchOn(Server& server);
    void switchOff(Server& server);
    QJsonObject describe(const Server& server) const;
    static QJsonObject describe(const Volume& volume);

    FaultyServer m_http;
    std::deque<Trouble> m_troubles;
    std::map<QString, std::unique_ptr<QProcess>> m_workers; ///< by server
    int m_nextAddress = 1;
};

namespace scalewayfaults {

Fault error(int status, const QByteArray& type);
Fault notFound(const QByteArray& resource, const QByteArray& id);
/// 429 that tells in its body when the limit starts anew.
Fault rateLimited(int resetSeconds);

} // namespace scalewayfaults

} // namespace vigie
