#pragma once

#include "tests/core/orchestrator/daemon/caller.h"
#include "tests/support/postgresserver.h"
#include "tests/support/program.h"

#include <QRandomGenerator>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <csignal>
#include <memory>

namespace vigie {

/// Three real vigied on one PostgreSQL and one mock cloud, killed and paused while they work; the
/// cloud itself keeps count of what was done to it.
class ReplicaRounds : public QObject {
    Q_OBJECT

protected:
    static constexpr double leaseSeconds = 2;

    /// `instances` are asked for during the rounds, a fifth of them is terminated again. In each
    /// round one dies; in every tenth one is paused past its lease instead.
    void run(int instances, int rounds, int roundMs, quint32 seed);

private:
    struct Replica {
        std::unique_ptr<Program> program;
        QString address = QStringLiteral("127.0.0.1:0");
        QJsonObject line;
    };

    bool begin(Replica& replica);
    std::unique_ptr<Caller> callerOf(const Replica& replica) const {
        return std::make_unique<Caller>(replica.line);
    }
    void ask(int instances);
    void terminateSome(int count);
    void pauseOne();
    QSet<QString> idsIn(Caller& caller, const QString& status);
    QHash<QString, int> effects(const QByteArray& kind) const;
    QString stateFile(const char* name) const;

    PostgresServer m_server;
    QTemporaryDir m_data;
    QString m_url;
    std::array<Replica, 3> m_replicas;
    QRandomGenerator m_random;
    QSet<QString> m_wanted, m_unwanted;
    int m_pauses = 0;
};

} // namespace vigie
