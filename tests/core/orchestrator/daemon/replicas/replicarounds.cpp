#include "tests/core/orchestrator/daemon/replicas/replicarounds.h"

#include <QDirIterator>

#include <algorithm>

namespace vigie {

namespace {

const QByteArray deployment = "{\"provider_code\":\"mock\",\"zone\":\"mock-a-1\","
                              "\"instance_type\":\"mock.cpu\",\"model_id\":\"m\"}";

QString field(const QJsonValue& row, const char* name) {
    return row.toObject().value(QLatin1String(name)).toString();
}

} // namespace

bool ReplicaRounds::begin(Replica& replica) {
    replica.program = std::make_unique<Program>(QStringLiteral("vigied"));
    Program& vigied = *replica.program;
    const auto set = [&vigied](const char* name, const QString& value) {
        vigied.setEnvironment(QLatin1String(name), value);
    };
    set("XDG_DATA_HOME", m_data.path());
    set("VIGIE_STORE_LEASE_SECONDS", QString::number(leaseSeconds));
    // Whoever has the simulated workers may be paused: that is no death of theirs.
    set("WORKER_HEARTBEAT_TIMEOUT_SECONDS", QStringLiteral("60"));
    for (const char* name : {"BOOT", "INSTALL", "LOAD", "LATENCY"})
        vigied.setEnvironment(
            QStringLiteral("VIGIE_PROVIDERS_MOCK_%1_SECONDS").arg(QLatin1String(name)),
            QStringLiteral("0.1"));
    set("VIGIE_PROVIDERS_MOCK_WORKER_HEARTBEAT_INTERVAL_SECONDS", QStringLiteral("2"));
    set("VIGIE_PROVIDERS_MOCK_VOLUME_LEAK_RATE", QStringLiteral("0.3"));
    for (const char* name : {"PROVISIONING", "HEALTH_CHECK", "TERMINATOR"})
        vigied.setEnvironment(
            QStringLiteral("VIGIE_JOBS_%1_INTERVAL_SECONDS").arg(QLatin1String(name)),
            QStringLiteral("0.3"));
    replica.line = vigied.startAndListen(
        {QStringLiteral("--listen"), replica.address, QStringLiteral("--store"), m_url,
         QStringLiteral("--log-level"), QStringLiteral("warning")});
    if (replica.line.isEmpty()) {
        qWarning("%s", vigied.standardError().constData());
        return false;
    }
    const QUrl url(replica.line.value(QLatin1String("url")).toString());
    replica.address = QStringLiteral("127.0.0.1:%1").arg(url.port()); // workers know it
    return true;
}

void ReplicaRounds::ask(int instances) {
    for (int i = 0; i < instances; ++i) {
        auto caller = callerOf(m_replicas[m_random.bounded(3u)]);
        const Answered answer =
            caller->call(caller->request("POST", QStringLiteral("/deployments"), deployment));
        if (answer.status == 202)
            m_wanted.insert(field(QJsonDocument::fromJson(answer.body).object(), "instance_id"));
    }
}

void ReplicaRounds::terminateSome(int count) {
    for (int i = 0; i < count && !m_wanted.isEmpty(); ++i) {
        const QString id = *m_wanted.cbegin();
        auto caller = callerOf(m_replicas[m_random.bounded(3u)]);
        const Answered answer =
            caller->call(caller->request("DELETE", QStringLiteral("/instances/") + id));
        if (answer.status != 202 && answer.status != 200)
            continue; // asked of one that has not heard of it yet, or died
        m_wanted.remove(id);
        m_unwanted.insert(id);
    }
}

void ReplicaRounds::pauseOne() {
    Program& paused = *m_replicas[m_random.bounded(3u)].program;
    paused.signal(SIGSTOP);
    QVERIFY(!paused.waitForEnd(static_cast<int>(leaseSeconds * 2000)));
    paused.signal(SIGCONT);
    ++m_pauses;
}

QSet<QString> ReplicaRounds::idsIn(Caller& caller, const QString& status) {
    QSet<QString> ids;
    for (const QJsonValue& row : caller.instances()) {
        if (field(row, "status") == status)
            ids.insert(field(row, "id"));
    }
    return ids;
}

QString ReplicaRounds::stateFile(const char* name) const {
    QDirIterator files(m_data.path(), {QLatin1String(name)}, QDir::Files,
                       QDirIterator::Subdirectories);
    return files.hasNext() ? files.next() : QString();
}

/// How often an effect befell each tag.
QHash<QString, int> ReplicaRounds::effects(const QByteArray& kind) const {
    QHash<QString, int> counts;
    QFile log(stateFile("mock-effects.log"));
    if (!log.open(QIODevice::ReadOnly))
        return counts;
    for (const QByteArray& text : log.readAll().split('\n')) {
        const QList<QByteArray> words = text.split(' ');
        if (words.value(0) == kind)
            ++counts[QString::fromUtf8(words.value(2)).section(u':', 1)];
    }
    return counts;
}

void ReplicaRounds::run(int instances, int rounds, int roundMs, quint32 seed) {
    qInfo("seed %u", seed);
    m_random.seed(seed);
    QVERIFY2(m_server.start(), qPrintable(m_server.why()));
    m_url = m_server.newDatabase();
    for (Replica& replica : m_replicas)
        QVERIFY(begin(replica));
    const int each = std::max(1, instances / rounds);
    for (int round = 0; round < rounds || m_wanted.size() + m_unwanted.size() < instances;
         ++round) {
        ask(std::min<int>(each, instances - static_cast<int>(m_wanted.size() + m_unwanted.size())));
        terminateSome(each / 5 + (round % 2));
        if (round % 10 == 3) {
            pauseOne();
            continue;
        }
        // At a moment that nothing of ours chooses, and not before: it does not end by itself.
        Replica& victim = m_replicas[m_random.bounded(3u)];
        QVERIFY2(!victim.program->waitForEnd(m_random.bounded(roundMs / 2, roundMs)),
                 victim.program->standardError().constData());
        victim.program->kill9();
        QVERIFY(begin(victim));
    }
    QVERIFY(m_pauses > 0);

    const int limit = 60'000 + instances * 300;
    for (Replica& replica : m_replicas) { // all see the same
        const auto caller = callerOf(replica);
        QTRY_COMPARE_WITH_TIMEOUT(idsIn(*caller, QStringLiteral("ready")), m_wanted, limit);
        QTRY_COMPARE_WITH_TIMEOUT(idsIn(*caller, QStringLiteral("terminated")), m_unwanted, limit);
    }
    // Each made once and ended once, as the cloud counts.
    const auto created = effects("create");
    const auto deleted = effects("delete");
    for (auto tag = created.begin(); tag != created.end(); ++tag)
        QVERIFY2(*tag == 1, qPrintable(tag.key()));
    for (auto tag = deleted.begin(); tag != deleted.end(); ++tag)
        QVERIFY2(*tag == 1 && m_unwanted.contains(tag.key()), qPrintable(tag.key()));
    for (const QString& id : std::as_const(m_wanted))
        QVERIFY2(created.contains(id) && !deleted.contains(id), qPrintable(id));
    for (auto tag = created.begin(); tag != created.end(); ++tag) // nothing leaked
        QVERIFY2(m_wanted.contains(tag.key()) || deleted.contains(tag.key()),
                 qPrintable(tag.key()));
    // Deletions leave disks behind here, which whoever ended the machine deletes.
    const auto inCloud = [this](const char* what) {
        QFile file(stateFile("mock-machines.json"));
        if (!file.open(QIODevice::ReadOnly))
            return qsizetype(-1);
        const QJsonObject cloud = QJsonDocument::fromJson(file.readAll()).object();
        return cloud.value(QLatin1String(what)).toArray().size();
    };
    QTRY_COMPARE_WITH_TIMEOUT(inCloud("left_volumes"), 0, 60'000);
    QCOMPARE(inCloud("machines"), m_wanted.size());
    for (const char* kind : {"reboot", "reinstall", "stop"})
        QVERIFY2(effects(kind).isEmpty(), kind);
    QTRY_COMPARE_WITH_TIMEOUT(
        m_server.sql(m_url, QStringLiteral("SELECT count(*) FROM vigie.action_logs WHERE "
                                           "status = 'in_progress'")),
        QStringLiteral("0"), 60'000);
    const auto count = [this](const char* what) {
        return m_server.sql(m_url,
                            QLatin1String("SELECT count(*) FROM vigie.") + QLatin1String(what));
    };
    // Who was killed gives nothing back: the others notice the end of its lease.
    QTRY_COMPARE_WITH_TIMEOUT(count("replicas"), QStringLiteral("3"), 60'000);
    // Leases and claims are given back at the end.
    for (Replica& replica : m_replicas) {
        replica.program->signal(SIGTERM);
        QVERIFY(replica.program->waitForEnd());
    }
    QCOMPARE(count("replicas"), QStringLiteral("0"));
    QCOMPARE(count("claims WHERE replica IS NOT NULL"), QStringLiteral("0"));
}

} // namespace vigie
