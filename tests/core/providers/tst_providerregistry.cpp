#include "core/base/systemclock.h"
#include "core/providers/provider.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace vigie;

class TestProviderRegistry : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyProviderIsKnown() {
        QStringList codes;
        for (const ProviderDescriptor& descriptor : providers::registry())
            codes.append(descriptor.code);
        codes.sort();
        QCOMPARE(codes, (QStringList{QStringLiteral("mock"), QStringLiteral("process"),
                                     QStringLiteral("scaleway")}));
    }

    void startsWithoutSettingsOrSaysWhatItNeeds_data() {
        QTest::addColumn<QString>("needs"); // empty: nothing
        QTest::newRow("mock") << QString();
        QTest::newRow("process") << QString();
        QTest::newRow("scaleway") << QStringLiteral("SCW_SECRET_KEY");
    }
    void startsWithoutSettingsOrSaysWhatItNeeds() {
        QFETCH(QString, needs);
        const QString code = QString::fromLatin1(QTest::currentDataTag());
        const auto all = providers::registry();
        const auto descriptor = std::ranges::find(all, code, &ProviderDescriptor::code);
        QVERIFY(descriptor != all.end());
        const auto settings = Settings::read(descriptor->settings, {});
        QVERIFY2(settings, settings ? "" : qPrintable(settings.error().message));
        const QTemporaryDir folder;
        SystemClock clock;
        const ProviderContext context{clock, *settings, folder.path()};
        const auto provider = descriptor->create(context);
        if (!needs.isEmpty()) {
            QVERIFY(!provider && provider.error().message.contains(needs));
            return;
        }
        QVERIFY2(provider, provider ? "" : qPrintable(provider.error().message));
        QCOMPARE((*provider)->code(), code);
        QVERIFY((*provider)->loopbackProbesAllowed());
        QVERIFY(!(*provider)->zones().empty() && !(*provider)->types().empty());
    }
};

QTEST_GUILESS_MAIN(TestProviderRegistry)
#include "tst_providerregistry.moc"
