#include "tests/core/store/crashrounds.h"

#include <QTest>

using namespace vigie;

class TestStoreCrashSoak : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everySetIsWholeOrAbsentAfterAKill() {
        const quint32 seed = QRandomGenerator::global()->generate();
        qInfo("seed %u", seed);
        QCOMPARE(crashrounds::surviveKills(200, seed), QString());
    }
};

int main(int argc, char** argv) {
    const QCoreApplication app(argc, argv);
    int code = 0;
    if (crashrounds::ranAsChild(app, code))
        return code;
    TestStoreCrashSoak test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_store_crash_soak.moc"
