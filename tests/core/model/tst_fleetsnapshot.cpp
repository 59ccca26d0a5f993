#include "core/model/fleetsnapshot.h"

#include <QTest>

using namespace vigie;

class TestFleetSnapshot : public QObject {
    Q_OBJECT

    static SourceStatus status(const char* id, Freshness freshness) {
        SourceStatus s;
        s.id = SourceId(QString::fromLatin1(id));
        s.freshness = freshness;
        return s;
    }
    static std::shared_ptr<const InstanceView> view(const char* source, const char* id) {
        auto v = std::make_shared<InstanceView>();
        v->source = SourceId(QString::fromLatin1(source));
        v->instance.id = InstanceId(QString::fromLatin1(id));
        return v;
    }

private Q_SLOTS:
    void blindWhileAnySourceIsNotLive() {
        FleetSnapshot snapshot;
        QVERIFY(!snapshot.blind());
        snapshot.sources = {status("a", Freshness::Live)};
        QVERIFY(!snapshot.blind());
        for (const Freshness freshness :
             {Freshness::Waiting, Freshness::Late, Freshness::Stale, Freshness::Unreachable}) {
            snapshot.sources = {status("a", Freshness::Live), status("b", freshness)};
            QVERIFY2(snapshot.blind(), qPrintable(toString(freshness)));
        }
    }

    void fallenSilentOnceThreeBeatsStayedAway() {
        InstanceView view;
        view.beats.fill(BeatTick::OnTime);
        QVERIFY(!view.hasFallenSilent()); // never heard: nothing of it is old
        view.instance.workerLastHeartbeat = WallTime();
        QVERIFY(!view.hasFallenSilent());
        view.beats[58] = view.beats[59] = BeatTick::Missed;
        QVERIFY(!view.hasFallenSilent());
        view.beats[57] = BeatTick::Missed;
        QVERIFY(view.hasFallenSilent());
        view.beats[59] = BeatTick::Late;
        QVERIFY(!view.hasFallenSilent());
        view.beats.fill(BeatTick::Unknown);
        QVERIFY(view.hasFallenSilent());
    }

    void findsBySourceAndId() {
        FleetSnapshot snapshot;
        snapshot.sources = {status("a", Freshness::Live), status("b", Freshness::Live)};
        snapshot.instances = {view("a", "1"), view("a", "2"), view("b", "1")};
        const SourceId b(QStringLiteral("b"));
        QVERIFY(snapshot.source(b) == &snapshot.sources[1]);
        QVERIFY(snapshot.source(SourceId(QStringLiteral("c"))) == nullptr);
        QVERIFY(snapshot.find(b, InstanceId(QStringLiteral("1"))) == snapshot.instances[2].get());
        QVERIFY(snapshot.find(b, InstanceId(QStringLiteral("2"))) == nullptr);
        QVERIFY(FleetSnapshot().find(b, InstanceId(QStringLiteral("1"))) == nullptr);
    }
};

QTEST_GUILESS_MAIN(TestFleetSnapshot)
#include "tst_fleetsnapshot.moc"
