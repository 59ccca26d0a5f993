#pragma once

#include "tests/core/orchestrator/daemon/caller.h"
#include "tests/core/orchestrator/daemon/cloudfile.h"
#include "tests/core/orchestrator/daemon/troubledvigied.h"

#include <QRandomGenerator>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

namespace vigie::lifecyclekill {

/// Kills a real vigied on SQLite at random moments while instances are asked for, die, recover and
/// are ended in a mock cloud that fails, loses answers and leaves disks behind. Then it is let be,
/// and what is in the cloud must be what was asked for.
class Rounds {
public:
    Rounds(int kills, quint32 seed) : m_kills(kills), m_seed(seed), m_random(seed) {}

    /// What went wrong; empty when nothing did.
    QString run() {
        qInfo("seed %u", m_seed);
        for (int i = 0; i < m_kills; ++i) {
            if (!begin(true))
                return QStringLiteral("no start after %1 kills: ").arg(i) + m_vigied.why();
            const QString wrong = work(i);
            // At a moment that nothing of ours chooses, now and then late enough for verdicts.
            const int longest = m_random.bounded(5) == 0 ? 5000 : 700;
            if (m_vigied.program().waitForEnd(m_random.bounded(20, longest)))
                return QStringLiteral("it ended by itself: ") + m_vigied.why();
            m_vigied.program().kill9();
            if (!wrong.isEmpty())
                return QStringLiteral("%1 kills: %2").arg(i).arg(wrong);
            if (m_random.bounded(3) == 0)
                stopOneMachine();
        }
        if (!begin(false))
            return QStringLiteral("no start at the end: ") + m_vigied.why();
        return converges();
    }

private:
    static constexpr int most = 12; ///< instances at a time

    bool begin(bool trouble) {
        const bool listens = m_vigied.begin(trouble);
        m_caller = listens ? std::make_unique<Caller>(m_vigied.line()) : nullptr;
        return listens;
    }

    QSet<QString> withStatus(const QString& status) {
        QSet<QString> found;
        for (const QJsonValue& each : m_caller->instances()) {
            if (each.toObject().value(QLatin1String("status")).toString() == status)
                found.insert(each.toObject().value(QLatin1String("id")).toString());
        }
        return found;
    }

    /// What was asked of the daemon that died goes first: the same key, so that it happens once.
    QString work(int round) {
        if (!m_asked.isEmpty()) {
            const QString wrong = ask();
            if (!wrong.isEmpty() || !m_asked.isEmpty())
                return wrong;
        }
        m_ready = withStatus(QStringLiteral("ready"));
        m_asked = QStringLiteral("round-%1").arg(round);
        m_victim = m_wanted >= most || (m_ready.size() > 3 && m_random.bounded(3) == 0)
                       ? (m_ready.isEmpty() ? QString() : *m_ready.cbegin())
                       : QString();
        if (m_wanted >= most && m_victim.isEmpty())
            m_asked.clear();
        return m_asked.isEmpty() ? QString() : ask();
    }
    QString ask() {
        HttpRequest request =
            m_victim.isEmpty()
                ? m_caller->request("POST", QStringLiteral("/deployments"),
                                    "{\"provider_code\":\"mock\",\"zone\":\"mock-a-1\","
                                    "\"instance_type\":\"mock.cpu\",\"model_id\":\"m\"}")
                : m_caller->request("DELETE", QStringLiteral("/instances/") + m_victim);
        request.headers.emplaceBack("Idempotency-Key", m_asked.toUtf8());
        const Answered answer = m_caller->call(std::move(request));
        if (answer.status == 0)
            return {}; // asked again after the next start
        const bool taken = answer.status == 202 || answer.status == 200;
        // One that was replaced or fell ill meanwhile is not ended: nothing is asked for then.
        if (!taken && m_victim.isEmpty())
            return QStringLiteral("not taken: %1 ").arg(answer.status) +
                   QString::fromUtf8(answer.body);
        if (taken)
            m_wanted += m_victim.isEmpty() ? 1 : -1;
        m_asked.clear();
        return {};
    }

    /// While nobody looks, a machine that has served stops: its worker is dead after the next
    /// start.
    void stopOneMachine() {
        CloudFile cloud(m_folder.path());
        QJsonArray machines = cloud.list("machines");
        if (machines.isEmpty())
            return;
        const qsizetype at = m_random.bounded(machines.size());
        QJsonObject machine = machines.at(at).toObject();
        if (!m_ready.contains(machine.value(QLatin1String("instance_id")).toString()))
            return; // a first start that stands still fails by its time limit, and stays failed
        machine.insert(QLatin1String("running"), false);
        machines.replace(at, machine);
        cloud.root.insert(QLatin1String("machines"), machines);
        if (!cloud.write())
            qFatal("the cloud's file can't be written");
    }

    QString converges() {
        while (!m_asked.isEmpty()) {
            if (const QString wrong = ask(); !wrong.isEmpty())
                return wrong;
        }
        const auto settled = [this] {
            const CloudFile cloud(m_folder.path());
            int ready = 0, over = 0;
            const QJsonArray all = m_caller->instances();
            for (const QJsonValue& each : all) {
                const QString status = each.toObject().value(QLatin1String("status")).toString();
                ready += status == QLatin1String("ready");
                over +=
                    status == QLatin1String("terminated") || status == QLatin1String("archived");
            }
            return ready == m_wanted && ready + over == all.size() &&
                   cloud.list("machines").size() == m_wanted &&
                   cloud.list("left_volumes").isEmpty();
        };
        if (QTest::qWaitFor(settled, 180'000))
            return {};
        QJsonArray states;
        for (const QJsonValue& each : m_caller->instances()) {
            const QJsonObject row = each.toObject();
            if (row.value(QLatin1String("status")) != QLatin1String("terminated"))
                states.append(QJsonObject{
                    {QStringLiteral("id"), row.value(QLatin1String("id"))},
                    {QStringLiteral("status"), row.value(QLatin1String("status"))},
                    {QStringLiteral("assessment"), row.value(QLatin1String("assessment"))}});
        }
        return QStringLiteral("%1 are wanted, but there are: ").arg(m_wanted) +
               QString::fromUtf8(QJsonDocument(states).toJson()) +
               QStringLiteral("\nin the cloud: ") +
               QString::fromUtf8(
                   QJsonDocument(CloudFile(m_folder.path()).root).toJson().left(6000)) +
               m_vigied.why();
    }

    int m_kills, m_wanted = 0;
    quint32 m_seed;
    QRandomGenerator m_random;
    QTemporaryDir m_folder;
    TroubledVigied m_vigied{m_folder.path()};
    std::unique_ptr<Caller> m_caller;
    QSet<QString> m_ready; ///< when the daemon that died had just started
    QString m_asked;       ///< the key of what was asked and not answered; empty: nothing
    QString m_victim;      ///< whose end was asked for; empty: a deployment
};

} // namespace vigie::lifecyclekill
