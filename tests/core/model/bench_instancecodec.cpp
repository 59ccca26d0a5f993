#include "core/base/systemclock.h"
#include "core/base/timeformat.h"
#include "core/model/instancecodec.h"
#include "tests/support/sampleinstances.h"

#include <QTest>

#include <algorithm>

using namespace vigie;

/// 10,000 instances to bytes and back; compare with the floors of facts/performance.md.
class BenchInstanceCodec : public QObject {
    Q_OBJECT

    SystemClock m_clock;

    template <typename Call>
    double median(const Call& call) {
        std::vector<double> all;
        for (int i = 0; i < 9; ++i) {
            const MonotonicTime begin = m_clock.now();
            call();
            all.push_back(toSeconds(m_clock.now() - begin) * 1000);
        }
        std::ranges::sort(all);
        return all[all.size() / 2];
    }

private Q_SLOTS:
    void tenThousand() {
        std::vector<Instance> fleet;
        std::vector<const Instance*> rows;
        for (int i = 0; i < 10'000; ++i)
            fleet.push_back(fullInstance(i));
        for (const Instance& instance : fleet)
            rows.push_back(&instance);
        QByteArray bytes;
        const double encode = median([&] { bytes = encodeInstances(rows); });
        std::size_t read = 0;
        const double decode = median([&] { read = decodeInstances(bytes)->instances.size(); });
        QCOMPARE(read, rows.size());
        qInfo("10,000 instances, %.1f MB: encode %.1f ms, decode %.1f ms",
              static_cast<double>(bytes.size()) / 1e6, encode, decode);
        QVERIFY(encode < 2000 && decode < 2000);
    }
};

QTEST_GUILESS_MAIN(BenchInstanceCodec)
#include "bench_instancecodec.moc"
