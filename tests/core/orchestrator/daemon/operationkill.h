#pragma once

#include "tests/core/orchestrator/daemon/caller.h"
#include "tests/support/orchestratorprocess.h"

#include <QDeadlineTimer>
#include <QRandomGenerator>
#include <QSet>
#include <QTest>

#include <csignal>

/// Kills a real vigied again and again while it replaces instances of real workers, and looks at
/// what is left. All waiting is for something to become true, within a bound.
namespace vigie::operationkill {

class Rounds {
public:
    Rounds(int kills, quint32 seed) : m_kills(kills), m_random(seed) {}

    /// What went wrong; empty when nothing did.
    QString run() {
        if (!m_daemon.start(policy()))
            return QStringLiteral("no start: ") + m_daemon.why();
        connectAgain();
        for (const QString& id : m_daemon.deploy(3))
            m_serving.insert(id);
        if (!waitFor([this] { return readyOnes() == m_serving; }, 120))
            return QStringLiteral("the first three never served: ") + m_daemon.why();
        for (int round = 0; m_killed < m_kills; ++round) {
            const QString wrong = replaceAll(round);
            if (!wrong.isEmpty())
                return QStringLiteral("round %1, %2 kills: %3\n%4")
                    .arg(round)
                    .arg(m_killed)
                    .arg(wrong, m_daemon.why());
        }
        return {};
    }

private:
    static QByteArray policy() {
        return "[guards]\npace_seconds = 0\nblast_share = 1\nin_flight_per_pool = 10\n"
               "in_flight = 10\n[actions]\ndrain_deadline_seconds = 1\n";
    }
    void connectAgain() {
        m_caller = std::make_unique<Caller>(
            QJsonObject{{QStringLiteral("url"), m_daemon.url().toString()},
                        {QStringLiteral("token_file"), m_daemon.tokenFile()}});
    }
    template <typename Condition>
    bool waitFor(Condition condition, int seconds) {
        return QTest::qWaitFor(std::move(condition), seconds * 1000);
    }
    QSet<QString> withStatus(const char* status) {
        QSet<QString> found;
        for (const QJsonValue& each : m_caller->instances()) {
            if (each.toObject().value(QLatin1String("status")).toString() == QLatin1String(status))
                found.insert(each.toObject().value(QLatin1String("id")).toString());
        }
        return found;
    }
    QSet<QString> readyOnes() { return withStatus("ready"); }
    QJsonObject look(const QString& operation) {
        const Answered answer =
            m_caller->call(m_caller->request("GET", QStringLiteral("/actions/") + operation));
        return QJsonDocument::fromJson(answer.body).object();
    }
    /// How far all work has come.
    int logged() {
        const Answered answer =
            m_caller->call(m_caller->request("GET", QStringLiteral("/action_logs/search?limit=1")));
        return QJsonDocument::fromJson(answer.body)
            .object()
            .value(QLatin1String("total_count"))
            .toInt();
    }
    bool kill() {
        m_daemon.stop(SIGKILL);
        ++m_killed;
        if (!m_daemon.start(policy()))
            return false;
        connectAgain();
        return true;
    }

    QString replaceAll(int round) {
        const QSet<QString> old = m_serving;
        QJsonArray ids;
        for (const QString& id : old)
            ids.append(id);
        const QByteArray body =
            QJsonDocument(
                QJsonObject{{QStringLiteral("action"), QStringLiteral("replace")},
                            {QStringLiteral("reason"), QStringLiteral("round %1").arg(round)},
                            {QStringLiteral("ids"), ids},
                            {QStringLiteral("override"), true},
                            {QStringLiteral("waves"), QJsonObject{{QStringLiteral("canary"), 1},
                                                                  {QStringLiteral("size"), 2},
                                                                  {QStringLiteral("pause_s"), 0}}}})
                .toJson();
        HttpRequest request = m_caller->request("POST", QStringLiteral("/actions"), body);
        request.headers.emplaceBack("Idempotency-Key", "round-" + QByteArray::number(round));
        const Answered started = m_caller->call(request);
        if (started.status != 202)
            return QStringLiteral("not started: ") + QString::fromUtf8(started.body);
        const QString operation = QJsonDocument::fromJson(started.body)
                                      .object()
                                      .value(QLatin1String("operation_id"))
                                      .toString();
        const auto over = [&] {
            return look(operation).value(QLatin1String("state")).toString() ==
                   QLatin1String("finished");
        };
        for (int i = 0; i < 12 && m_killed < m_kills && !over(); ++i) {
            // A random point of its work: so many entries of the action log from here.
            const int point = logged() + m_random.bounded(0, 9);
            if (!waitFor([&] { return logged() >= point || over(); }, 120))
                return QStringLiteral("it stands still");
            if (!kill())
                return QStringLiteral("no start after a kill");
        }
        if (!waitFor(over, 180))
            return QStringLiteral("it does not end: ") +
                   QString::fromUtf8(QJsonDocument(look(operation)).toJson());
        const QJsonObject counts = look(operation).value(QLatin1String("counts")).toObject();
        if (counts.value(QLatin1String("done")).toInt() != 3)
            return QStringLiteral("not all done: ") +
                   QString::fromUtf8(QJsonDocument(look(operation)).toJson());
        const auto settled = [&] {
            m_serving = readyOnes();
            return m_serving.size() == 3 && withStatus("terminated").contains(old) &&
                   !m_serving.intersects(old);
        };
        if (!waitFor(settled, 120))
            return QStringLiteral("not three anew: ") +
                   QString::fromUtf8(QJsonDocument(m_caller->instances()).toJson().left(4000));
        return leftovers(old, round);
    }

    /// Each was asked for once, and nothing runs that nobody wants.
    QString leftovers(const QSet<QString>& old, int round) {
        for (const QString& id : old) {
            const Answered rows = m_caller->call(m_caller->request(
                "GET",
                QStringLiteral("/action_logs?action_type=EXECUTE_REPLACE&instance_id=") + id));
            const auto times = QJsonDocument::fromJson(rows.body).array().size();
            if (times != 1)
                return QStringLiteral("%1 was replaced %2 times").arg(id).arg(times);
            if (!waitFor([&] { return OrchestratorProcess::workerOf(id) == 0; }, 30))
                return QStringLiteral("the worker of %1 still runs").arg(id);
        }
        const auto known = m_caller->instances().size();
        if (known != 3 * (round + 2))
            return QStringLiteral("%1 instances after round %2").arg(known).arg(round);
        return {};
    }

    int m_kills;
    int m_killed = 0;
    QRandomGenerator m_random;
    OrchestratorProcess m_daemon;
    std::unique_ptr<Caller> m_caller;
    QSet<QString> m_serving;
};

} // namespace vigie::operationkill
