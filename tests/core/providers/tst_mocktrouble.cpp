#include "core/providers/mock/mockprovider.h"
#include "tests/core/providers/awaited.h"
#include "tests/support/fakeclock.h"

#include <QTemporaryDir>
#include <QTest>

using namespace vigie;
using namespace std::chrono_literals;

/// What the mock provider does wrong when it is told to while it runs.
class TestMockTrouble : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void sameSeedSameStory();
    void quotaEndsCreates();
    void newMachinesAreMissingFromLists();
    void aLostAnswerMadeItsMachine();
    void volumesAreLost();
    void stockIsTold();
    void whoSharesTheMachinesSharesTheTrouble();

private:
    Outcome<Machine> create(const QString& instance) {
        CreateMachine r;
        r.tag = QStringLiteral("vigie-instance:") + instance;
        r.clusterTag = cluster;
        r.zone = QStringLiteral("mock-a-1");
        r.instanceType = QStringLiteral("mock.gpu-24");
        r.boot.instanceId = InstanceId(instance);
        return awaited(m_provider->create(r, {}));
    }
    std::size_t listed() { return awaited(m_provider->machines(cluster, {}))->size(); }

    static inline const QString cluster = QStringLiteral("vigie-cluster:c-1");
    FakeClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MockProvider> m_provider;
    ProviderTrouble m_trouble; ///< none
};

void TestMockTrouble::init() {
    m_provider.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    MockProviderOptions options;
    options.stateFile = m_folder->filePath(QStringLiteral("mock.json"));
    options.simulateWorkers = false;
    options.latency = 0s;
    m_provider = std::move(*MockProvider::open(m_clock, options));
    m_trouble = m_provider->trouble();
}

void TestMockTrouble::sameSeedSameStory() {
    QVERIFY(m_provider->troubleDesk() == m_provider.get());
    const auto story = [this](quint32 seed) {
        ProviderTrouble trouble = m_trouble;
        trouble.errorRate = 0.5;
        trouble.seed = seed;
        m_provider->setTrouble(trouble);
        QString told;
        for (int i = 0; i < 64; ++i)
            told += awaited(m_provider->machines(cluster, {})) ? u'+' : u'-';
        return told;
    };
    const QString first = story(7);
    QVERIFY(first.contains(u'+') && first.contains(u'-'));
    QCOMPARE(story(7), first);
    QVERIFY(story(8) != first);
}

void TestMockTrouble::quotaEndsCreates() {
    m_trouble.quota = 1;
    m_provider->setTrouble(m_trouble);
    QVERIFY(create(QStringLiteral("i-1")));
    const auto refused = create(QStringLiteral("i-2"));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, QStringLiteral("quota_exceeded"));
    m_trouble.quota.reset();
    m_provider->setTrouble(m_trouble);
    QVERIFY(create(QStringLiteral("i-2")));
}

void TestMockTrouble::newMachinesAreMissingFromLists() {
    m_trouble.listLag = 10s;
    m_provider->setTrouble(m_trouble);
    const auto machine = create(QStringLiteral("i-1"));
    QCOMPARE(listed(), 0U);
    // By its id it is known at once: a list is no proof of absence.
    QVERIFY(awaited(m_provider->describe(machine->id, {}))->state == MachineState::Running);
    m_clock.advance(10s);
    QCOMPARE(listed(), 1U);
}

void TestMockTrouble::aLostAnswerMadeItsMachine() {
    m_trouble.lostAnswerRate = 1;
    m_provider->setTrouble(m_trouble);
    const auto lost = create(QStringLiteral("i-1"));
    QVERIFY(!lost);
    QVERIFY(lost.error().kind == FailureKind::OutcomeUnknown);
    QCOMPARE(listed(), 1U);
}

void TestMockTrouble::volumesAreLost() {
    m_trouble.volumeLeakRate = 1;
    m_provider->setTrouble(m_trouble);
    const auto machine = create(QStringLiteral("i-1"));
    QVERIFY(awaited(m_provider->command({MachineCommandKind::Delete, machine->id, {}}, {})));
    QCOMPARE(listed(), 0U);
    const auto left = awaited(m_provider->volumes(cluster, {}));
    QCOMPARE(left->size(), 1U);
    QVERIFY(left->front().attachedTo.isEmpty());
}

void TestMockTrouble::stockIsTold() {
    m_trouble.outOfStock = {QStringLiteral("mock-a-1/*")};
    m_provider->setTrouble(m_trouble);
    for (const ProviderType& type : m_provider->types()) {
        QCOMPARE(type.stock.value(QStringLiteral("mock-a-1")), QStringLiteral("shortage"));
        QCOMPARE(type.stock.size(), qsizetype(m_provider->zones().size()));
    }
    QVERIFY(!create(QStringLiteral("i-1")));
}

void TestMockTrouble::whoSharesTheMachinesSharesTheTrouble() {
    MockProviderOptions options;
    options.stateFile = m_folder->filePath(QStringLiteral("shared.json"));
    options.shared = true;
    options.simulateWorkers = false;
    options.latency = 0s;
    const auto open = [&] { return std::move(*MockProvider::open(m_clock, options)); };
    m_provider = open();
    const auto other = open();
    m_trouble.outOfStock = {QStringLiteral("*/*")};
    QVERIFY(other->setTrouble(m_trouble));
    QVERIFY(!create(QStringLiteral("i-1")));
    QCOMPARE(m_provider->trouble().outOfStock, m_trouble.outOfStock);
    m_provider = open(); // as a daemon that starts anew beside the other
    QVERIFY(!create(QStringLiteral("i-1")));
    m_trouble.outOfStock.clear();
    m_trouble.quota = 1;
    QVERIFY(m_provider->setTrouble(m_trouble));
    QCOMPARE(other->trouble().quota, std::optional(1));
    QVERIFY(create(QStringLiteral("i-1")));
    QVERIFY(!create(QStringLiteral("i-2")));
}

QTEST_GUILESS_MAIN(TestMockTrouble)
#include "tst_mocktrouble.moc"
