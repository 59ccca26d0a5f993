#include "core/base/eventual.h"
#include "core/orchestrator/jobs/jobrunner.h"
#include "tests/core/orchestrator/controlfixture.h"
#include "tests/support/faultyserver.h"

#include <QSet>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// A job whose cycles end when the test says so.
struct Probe {
    int begun = 0;
    bool waits = false;
    std::vector<Eventual<bool>> waiting;
    JobReport report;
    QString off;

    void finish() {
        const auto all = std::exchange(waiting, {});
        for (const Eventual<bool>& one : all)
            one.resolve(true);
    }
};

class ProbeJob final : public Job {
public:
    explicit ProbeJob(Probe& probe) : m_probe(probe) {}
    Task<JobReport> run(std::stop_token stop) override {
        ++m_probe.begun;
        if (m_probe.waits) {
            const Eventual<bool> over;
            m_probe.waiting.push_back(over);
            const std::stop_callback onStop(stop, [over] { over.resolve(false); });
            co_await over;
        }
        JobReport report = m_probe.report; // a copy: what is returned is moved from
        co_return report;
    }
    QString switchedOffBy() const override { return m_probe.off; }

private:
    Probe& m_probe;
};

JobDescriptor descriptorOf(const QString& name, Probe& probe) {
    JobDescriptor job;
    job.name = name;
    job.create = [&probe](JobContext&) { return std::make_unique<ProbeJob>(probe); };
    return job;
}

struct Fixture : ControlFixture {
    FaultyServer server;
    Probe work, watch;
    Duration asleep{}; ///< how long the machine was suspended
    std::unique_ptr<JobRunner> runner;

    Fixture() {
        SettingsInput input;
        input.environment.insert(QStringLiteral("VIGIE_JOBS_PROVISIONING_INTERVAL_SECONDS"),
                                 QStringLiteral("5"));
        auto read = Settings::read(jobSettings(), input);
        if (!read)
            qFatal("%s", qUtf8Printable(read.error().message));
        settings = *read;
        const JobRunner::Parts parts{clock,    settings, plane,
                                     provider, http,     server.url(),
                                     nullptr,  15s,      [this] { return asleep; }};
        const std::vector<JobDescriptor> jobs{
            descriptorOf(QStringLiteral("provisioning"), work),
            descriptorOf(QStringLiteral("worker-watchdog"), watch)};
        runner = std::make_unique<JobRunner>(parts, jobs);
    }
    JobStats stats(int index = 0) const { return runner->stats()[static_cast<std::size_t>(index)]; }
};

} // namespace

class TestJobRunner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachJobRunsAtOnceAndByItsInterval() {
        Fixture f;
        f.runner->start();
        QCOMPARE(f.work.begun, 0);
        f.clock.advance(0s);
        QCOMPARE(f.work.begun, 1);
        f.clock.advance(4999ms);
        QCOMPARE(f.work.begun, 1);
        f.clock.advance(1ms);
        QCOMPARE(f.work.begun, 2);
        f.clock.advance(50s);
        QCOMPARE(f.work.begun, 12);
        QCOMPARE(f.stats().interval, Duration(5s));
        QCOMPARE(f.stats(1).interval, Duration(10s));
        f.runner->stop();
        f.clock.advance(50s);
        QCOMPARE(f.work.begun, 12);
    }

    void cyclesNeverOverlap() {
        Fixture f;
        f.work.waits = true;
        f.runner->start();
        f.clock.advance(60s);
        QCOMPARE(f.work.begun, 1);
        QVERIFY(f.stats().running);
        QCOMPARE(f.stats().runs, 0U);
        QVERIFY(f.runner->runNow(QStringLiteral("provisioning")) == JobRunner::Run::Accepted);
        QVERIFY(f.runner->runNow(QStringLiteral("provisioning")) == JobRunner::Run::Accepted);
        QCOMPARE(f.work.begun, 1);
        f.work.finish();
        QCOMPARE(f.work.begun, 2); // once more, not twice
        f.work.finish();
        QCOMPARE(f.work.begun, 2);
        QVERIFY(!f.stats().running);
        QCOMPARE(f.stats().runs, 2U);
        QVERIFY(f.runner->runNow(QStringLiteral("provisioning")) == JobRunner::Run::Accepted);
        QCOMPARE(f.work.begun, 3);
        QVERIFY(f.runner->runNow(QStringLiteral("no such job")) == JobRunner::Run::NoSuchJob);
    }

    void whatIsSwitchedOffSaysSo() {
        Fixture f;
        f.work.off = QStringLiteral("[jobs.provisioning] enabled = false");
        QVERIFY(f.runner->runNow(QStringLiteral("provisioning")) == JobRunner::Run::SwitchedOff);
        QCOMPARE(f.stats().switchedOffBy, f.work.off);
        QCOMPARE(f.work.begun, 0);
    }

    void countsWhatCyclesDid() {
        Fixture f;
        f.work.report = {7, 5, 1};
        f.work.report.block(QStringLiteral("pace"), 2);
        f.work.waits = true;
        f.runner->start();
        f.clock.advance(2s);
        f.work.finish();
        f.work.waits = false;
        f.clock.advance(3s);
        const JobStats stats = f.stats();
        QCOMPARE(stats.runs, 2U);
        QCOMPARE(stats.claimed, 14U);
        QCOMPARE(stats.processed, 10U);
        QCOMPARE(stats.errors, 2U);
        QCOMPARE(stats.blockedByGuard, 4U);
        QVERIFY((stats.blockedBy == std::map<QString, quint64>{{QStringLiteral("pace"), 4}}));
        QCOMPARE(stats.processedLastCycle, 5);
        QCOMPARE(stats.duration.count(), 2U);
        QVERIFY(stats.duration.max() >= 1900ms);
        QVERIFY(stats.lastRunAt);
    }

    void aLateTickIsAStall() {
        Fixture f;
        f.runner->start();
        f.clock.advance(60s);
        QVERIFY(!f.runner->watcher().lastStall);
        f.clock.jump(40s); // 30 s late at most: not over three intervals
        f.clock.advance(0s);
        QVERIFY(!f.runner->watcher().lastStall);
        f.clock.advance(10s);
        f.clock.jump(41s);
        f.clock.advance(0s);
        QVERIFY(f.runner->watcher().lastStall == f.clock.now());
    }

    void aSlowCycleIsNoStall() {
        Fixture f;
        f.watch.waits = true;
        f.runner->start();
        QTRY_VERIFY((f.clock.advance(0s), f.watch.begun == 1));
        f.clock.advance(600s);
        f.watch.finish();
        f.clock.advance(10s);
        QVERIFY(!f.runner->watcher().lastStall);
    }

    void aSuspendedMachineIsAStall() {
        Fixture f;
        f.runner->start();
        f.clock.advance(15s);
        f.asleep = 1h;
        f.clock.advance(5s);
        QVERIFY(f.runner->watcher().lastStall);
    }

    void aStepOfTheWallClockIsNone() {
        Fixture f;
        f.runner->start();
        f.clock.advance(15s);
        f.clock.jumpWall(1h);
        f.clock.advance(20s);
        f.clock.jumpWall(-2h);
        f.clock.advance(20s);
        QVERIFY(!f.runner->watcher().lastStall);
    }

    void itsOwnAddressIsAsked() {
        Fixture f;
        f.runner->start();
        f.clock.advance(0s);
        QTRY_VERIFY(f.runner->watcher().ownAddressAnswers);
        QCOMPARE(f.server.requests().front().target, QByteArray("/livez"));
        QTRY_COMPARE(f.watch.begun, 1); // only after the answer
        f.server.play({faults::answer(503)});
        f.clock.advance(10s);
        QTRY_VERIFY(!f.runner->watcher().ownAddressAnswers);
        f.server.play({faults::answer(200)});
        f.clock.advance(10s);
        QTRY_VERIFY(f.runner->watcher().ownAddressAnswers);
        f.server.stop();
        f.clock.advance(10s);
        QTRY_VERIFY(!f.runner->watcher().ownAddressAnswers);
    }

    void beatsAreFlushedEachSecondAndAtTheEnd() {
        Fixture f;
        const InstanceId id = f.add(QStringLiteral("a"), InstanceStatus::Ready);
        f.runner->start();
        f.beat(id);
        f.clock.advance(999ms);
        QCOMPARE(f.store.beatBatches, 0);
        f.clock.advance(1ms);
        QCOMPARE(f.store.beatBatches, 1);
        f.beat(id);
        f.runner.reset();
        QCOMPARE(f.store.beatBatches, 2);
    }

    void stoppingEndsWhatRuns() {
        Fixture f;
        f.work.waits = true;
        f.watch.waits = true;
        f.runner->start();
        f.clock.advance(0s);
        QVERIFY(f.stats().running);
        f.runner->stop();
        QVERIFY(!f.stats().running);
        QVERIFY(!f.stats(1).running);
    }

    void theRealJobsAreAllThere() {
        Fixture f;
        JobRunner runner({f.clock, f.settings, f.plane, f.provider, f.http, f.server.url()});
        QStringList names;
        for (const JobStats& stats : runner.stats())
            names.append(stats.name);
        names.sort();
        QCOMPARE(names,
                 (QStringList{QStringLiteral("health-check"), QStringLiteral("provisioning"),
                              QStringLiteral("recovery"), QStringLiteral("terminator"),
                              QStringLiteral("volume-reconciliation"), QStringLiteral("watch-dog"),
                              QStringLiteral("worker-watchdog")}));
    }

    void settingsAreDocumentedAndUnique() {
        QSet<QString> paths;
        for (const SettingSpec& spec : jobSettings()) {
            QVERIFY2(!paths.contains(spec.path()), qUtf8Printable(spec.path()));
            paths.insert(spec.path());
            QVERIFY2(spec.help.endsWith(QLatin1Char('.')), qUtf8Printable(spec.path()));
            QVERIFY2(spec.fallback.isValid(), qUtf8Printable(spec.path()));
        }
        for (const char* path :
             {"jobs.worker-watchdog.interval_seconds", "jobs.health-check.interval_seconds",
              "watchdog.heartbeat_timeout_seconds", "recovery.booting_timeout_seconds"})
            QVERIFY2(paths.contains(QString::fromLatin1(path)), path);
    }

    void theSeedsNamesAreRead() {
        SettingsInput input;
        const std::initializer_list<std::pair<const char*, const char*>> seeds{
            {"WORKER_HEARTBEAT_TIMEOUT_SECONDS", "2.5"},
            {"WORKER_DEAD_RECOVERY_ENABLED", "false"},
            {"HEALTH_CHECK_BACKOFF_ENABLED", "false"},
            {"HEALTH_CHECK_BACKOFF_MAX_INTERVAL_SECONDS", "60"},
            {"HEALTH_CHECK_CACHE_TTL_SECONDS", "7"},
            {"RECOVERY_BOOTING_TIMEOUT_SECONDS", "11"},
            {"RECOVERY_INSTALLING_TIMEOUT_SECONDS", "12"},
            {"RECOVERY_STARTING_TIMEOUT_SECONDS", "13"},
            {"VOLUME_RECONCILIATION_ENABLED", "false"},
            {"VOLUME_DELETE_RETRY_MAX_ATTEMPTS", "7"},
            {"VOLUME_DELETE_RETRY_BACKOFF_SECONDS", "14"},
            {"VIGIE_JOBS_WORKER_WATCHDOG_INTERVAL_SECONDS", "0.2"}};
        for (const auto& [name, value] : seeds)
            input.environment.insert(QString::fromLatin1(name), QString::fromLatin1(value));
        const auto settings = Settings::read(jobSettings(), input);
        QVERIFY(settings);
        const auto seconds = [&](const char* path) {
            return settings->seconds(QString::fromLatin1(path));
        };
        QCOMPARE(seconds("watchdog.heartbeat_timeout_seconds"), Duration(2500ms));
        QVERIFY(!settings->boolean(QStringLiteral("automation.worker_dead_recovery_enabled")));
        QVERIFY(!settings->boolean(QStringLiteral("jobs.health-check.backoff_enabled")));
        QCOMPARE(seconds("jobs.health-check.backoff_max_interval_seconds"), Duration(60s));
        QCOMPARE(seconds("jobs.health-check.cache_ttl_seconds"), Duration(7s));
        QCOMPARE(seconds("recovery.booting_timeout_seconds"), Duration(11s));
        QCOMPARE(seconds("recovery.installing_timeout_seconds"), Duration(12s));
        QCOMPARE(seconds("recovery.starting_timeout_seconds"), Duration(13s));
        const QString volumes = QStringLiteral("jobs.volume-reconciliation.");
        QVERIFY(!settings->boolean(volumes + QStringLiteral("enabled")));
        QCOMPARE(settings->integer(volumes + QStringLiteral("retry_max_attempts")), 7);
        QCOMPARE(seconds("jobs.volume-reconciliation.retry_backoff_seconds"), Duration(14s));
        QCOMPARE(seconds("jobs.worker-watchdog.interval_seconds"), Duration(200ms));
    }
};

QTEST_GUILESS_MAIN(TestJobRunner)
#include "tst_jobrunner.moc"
