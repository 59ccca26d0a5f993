#include "core/orchestrator/jobs/jobrunner.h"
#include "tests/core/orchestrator/controlfixture.h"

#include <QTest>

#include <algorithm>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

/// Counts its cycles and does nothing.
class CountingJob final : public Job {
public:
    explicit CountingJob(int& runs) : m_runs(runs) {}
    Task<JobReport> run(std::stop_token /*stop*/) override {
        ++m_runs;
        co_return JobReport();
    }

private:
    int& m_runs;
};

} // namespace

/// What an orchestrator makes of others on the same store.
class TestReplication : public QObject {
    Q_OBJECT

    /// What another orchestrator wrote, as this one is told of it.
    static void written(ControlFixture& fixture, const InstanceId& id) {
        StoreNews news;
        news.instances = {id};
        fixture.store.tell(std::move(news));
    }
    static InstanceRecord& stored(ControlFixture& fixture, const InstanceId& id) {
        return *std::ranges::find(fixture.store.instances, id,
                                  [](const InstanceRecord& r) { return r.instance.id; });
    }
    static InstanceId readyOne(ControlFixture& fixture) {
        fixture.store.isShared = true;
        const InstanceId id = fixture.add(QStringLiteral("a"), InstanceStatus::Ready);
        fixture.plane.follow();
        return id;
    }
    static void readSettings(ControlFixture& fixture) {
        auto read = Settings::read(jobSettings(), SettingsInput());
        QVERIFY(read);
        fixture.settings = *read;
    }
    static void heardByAnother(ControlFixture& fixture, const InstanceId& id,
                               std::chrono::milliseconds ago) {
        InstanceRecord& record = stored(fixture, id);
        record.heardAgo = ago;
        // The other's wall clock may be anything.
        record.instance.workerLastHeartbeat =
            record.instance.workerLastHeartbeat.value_or(WallTime{}) + 1ms;
        written(fixture, id);
    }

private Q_SLOTS:
    void aChangeOfAnotherIsTakenOver() {
        ControlFixture fixture;
        const InstanceId id = readyOne(fixture);
        InstanceRecord& record = stored(fixture, id);
        ++record.version;
        record.instance.status = InstanceStatus::Draining;
        QVERIFY(fixture.plane.find(id)->instance.status == InstanceStatus::Ready);
        const quint64 before = fixture.plane.revision();
        written(fixture, id);
        QVERIFY(fixture.plane.find(id)->instance.status == InstanceStatus::Draining);
        QVERIFY(fixture.plane.revision() > before);
    }

    void aBeatThatAnotherTookCountsByItsAge() {
        ControlFixture fixture;
        const InstanceId id = readyOne(fixture);
        fixture.clock.advance(100s);
        heardByAnother(fixture, id, 700ms);
        QVERIFY(fixture.plane.live(id)->lastBeat == fixture.clock.now() - 700ms);
        QVERIFY(fixture.plane.heardExcept(InstanceId(QStringLiteral("nobody"))) ==
                fixture.clock.now() - 700ms);
        fixture.clock.advance(4s);
        heardByAnother(fixture, id, 700ms);
        QCOMPARE(fixture.plane.live(id)->intervals.size(), std::size_t(1));
        QVERIFY(fixture.plane.live(id)->intervals.back() == Duration(4s));
    }

    void anOlderBeatOfAnotherDoesNotAgeOurs() {
        ControlFixture fixture;
        const InstanceId id = readyOne(fixture);
        fixture.clock.advance(100s);
        Heartbeat beat;
        beat.instanceId = id;
        fixture.plane.beat(beat);
        const auto ours = fixture.plane.live(id)->lastBeat;
        heardByAnother(fixture, id, 5s);
        QVERIFY(fixture.plane.live(id)->lastBeat == ours);
        // Nor does one that we took ourselves count twice when it is read back.
        InstanceRecord& record = stored(fixture, id);
        record.instance.workerLastHeartbeat = fixture.plane.find(id)->instance.workerLastHeartbeat;
        record.heardAgo = -3ms; // clocks that were read at different moments
        written(fixture, id);
        QVERIFY(fixture.plane.live(id)->lastBeat == ours);
    }

    void beatsOfBeforeARemedySayNothingAfterIt() {
        ControlFixture fixture;
        const InstanceId id = readyOne(fixture);
        fixture.clock.advance(100s);
        heardByAnother(fixture, id, 100ms);
        InstanceRecord& record = stored(fixture, id);
        ++record.version;
        record.instance.status = InstanceStatus::Booting;
        record.recoveryBegunAt = fixture.clock.wallNow();
        written(fixture, id);
        QVERIFY(!fixture.plane.live(id)->lastBeat);
        fixture.clock.advance(10s);
        heardByAnother(fixture, id, 11s); // stored late, heard before
        QVERIFY(!fixture.plane.live(id)->lastBeat);
        heardByAnother(fixture, id, 2s);
        QVERIFY(fixture.plane.live(id)->lastBeat == fixture.clock.now() - 2s);
    }

    void whatAnotherWorksOnIsLeftAlone() {
        ControlFixture fixture;
        const InstanceId id = readyOne(fixture);
        finishedTask(fixture.plane.replica().join(QStringLiteral("me"), 15s));
        fixture.store.takenByOthers.insert(id.value());
        QVERIFY(finishedTask(fixture.plane.claim({id})).empty());
        fixture.store.takenByOthers.clear();
        InstanceRecord& record = stored(fixture, id);
        ++record.version; // written by who held it before, and not announced yet
        record.instance.pool = QStringLiteral("new");
        QCOMPARE(finishedTask(fixture.plane.claim({id})).size(), std::size_t(1));
        QCOMPARE(fixture.plane.find(id)->instance.pool, QStringLiteral("new"));
        // Two parts of us hold it: it is given back with the second.
        QCOMPARE(finishedTask(fixture.plane.claim({id})).size(), std::size_t(1));
        finishedTask(fixture.plane.giveBack({id}));
        QVERIFY(fixture.store.claims.contains(id.value()));
        finishedTask(fixture.plane.giveBack({id}));
        QVERIFY(!fixture.store.claims.contains(id.value()));
    }

    void whoCannotRenewLeadsNoLonger() {
        ControlFixture fixture;
        readyOne(fixture);
        Replica& replica = fixture.plane.replica();
        finishedTask(replica.join(QStringLiteral("me"), 15s));
        QVERIFY(replica.leads() && replica.holds());
        fixture.store.failure =
            Failure{FailureKind::Storage, QStringLiteral("away"), 0, {}, {}, {}};
        fixture.clock.advance(14s);
        finishedTask(replica.tend());
        QVERIFY(replica.leads()); // the lease still runs
        fixture.clock.advance(2s);
        QVERIFY(!replica.leads() && !replica.holds() && !replica.lost());
        fixture.store.failure.reset();
        finishedTask(replica.tend()); // nobody took over
        QVERIFY(replica.leads());
    }

    void ledJobsRunOnlyWhereTheLeadIs() {
        ControlFixture fixture;
        readyOne(fixture);
        fixture.store.takenByOthers.insert(QStringLiteral("leader"));
        finishedTask(fixture.plane.replica().join(QStringLiteral("me"), 15s));
        int led = 0;
        int sharing = 0;
        const auto descriptor = [](const char* name, bool shares, int& runs) {
            JobDescriptor job;
            job.name = QLatin1String(name);
            job.shares = shares;
            job.create = [&runs](JobContext&) { return std::make_unique<CountingJob>(runs); };
            return job;
        };
        readSettings(fixture);
        const std::vector<JobDescriptor> jobs{descriptor("health-check", false, led),
                                              descriptor("provisioning", true, sharing)};
        JobRunner runner({fixture.clock, fixture.settings, fixture.plane, fixture.provider,
                          fixture.http, QUrl(QStringLiteral("http://127.0.0.1:1"))},
                         jobs);
        runner.start();
        fixture.clock.advance(0s);
        QCOMPARE(led, 0);
        QVERIFY(sharing > 0);
        QVERIFY(runner.runNow(QStringLiteral("health-check")) == JobRunner::Run::LedElsewhere);
        QVERIFY(runner.runNow(QStringLiteral("none")) == JobRunner::Run::NoSuchJob);
        QVERIFY(runner.stats()[0].elsewhere && !runner.stats()[1].elsewhere);
        QVERIFY(!runner.volumes() && !runner.machines() && !runner.cleanUps());
        fixture.store.takenByOthers.clear(); // the leader is gone
        fixture.clock.advance(4s);
        QVERIFY(runner.runNow(QStringLiteral("health-check")) == JobRunner::Run::Accepted);
        QVERIFY(led > 0);
        QVERIFY(!runner.stats()[0].elsewhere);
        QVERIFY(runner.volumes());
        runner.stop();
        QVERIFY(!fixture.plane.replica().leads());
    }

    void whoLostItsLeaseBeginsAnew() {
        ControlFixture fixture;
        readyOne(fixture);
        Replica& replica = fixture.plane.replica();
        finishedTask(replica.join(QStringLiteral("me"), 15s));
        readSettings(fixture);
        JobRunner runner({fixture.clock, fixture.settings, fixture.plane, fixture.provider,
                          fixture.http, QUrl(QStringLiteral("http://127.0.0.1:1"))},
                         std::vector<JobDescriptor>{});
        runner.start();
        fixture.store.leaseLost = true;
        finishedTask(replica.tend());
        QVERIFY(replica.lost() && !replica.leads() && !replica.holds());
        fixture.store.leaseLost = false;
        fixture.clock.advance(4s);
        QVERIFY(!replica.lost() && replica.leads());
        runner.stop();
    }
};

QTEST_GUILESS_MAIN(TestReplication)
#include "tst_replication.moc"
