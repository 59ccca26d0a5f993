// docs/services.md holds the very classes and settings; this test says what to paste when it
// drifts.

#include "core/resilience/errorclass.h"
#include "core/services/service.h"

#include <QFile>
#include <QTest>

#include <cstdio>

using namespace vigie;

namespace {

QString readDocument() {
    QFile file(QStringLiteral(VIGIE_SOURCE_DIR "/docs/services.md"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("docs/services.md can't be read");
    return QString::fromUtf8(file.readAll());
}

void holds(const QString& table) {
    const bool found = readDocument().contains(table);
    if (!found) // whole: QVERIFY2 would cut it short
        std::fputs(qPrintable(table), stderr);
    QVERIFY2(found, "docs/services.md must hold the table on stderr");
}

QString yesNo(bool truth) {
    return truth ? QStringLiteral("yes") : QStringLiteral("no");
}

} // namespace

class TestServicesDoc : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theClasses() {
        QString table =
            QStringLiteral("| Class | Means | Tried again | Counts for the breaker | Certainly not "
                           "carried out |\n|---|---|---|---|---|\n");
        for (std::size_t i = 0; i < errorClassCount; ++i) {
            const auto errorClass = static_cast<ErrorClass>(i);
            const ErrorTraits traits = defaultTraits(errorClass);
            table += QStringLiteral("| `%1` | %2 | %3 | %4 | %5 |\n")
                         .arg(QString::fromLatin1(toString(errorClass)),
                              QString::fromLatin1(describe(errorClass)), yesNo(traits.retriable),
                              yesNo(traits.countsForBreaker), yesNo(traits.notCarriedOut));
        }
        holds(table);
    }

    void theSettings() {
        QString table = QStringLiteral("| Key | Flag | Default | Means |\n|---|---|---|---|\n");
        for (const ServiceDescriptor& service : services::registry()) {
            for (const SettingSpec& spec : service.settings) {
                const QString fallback = spec.fallback.toString();
                const QString also =
                    spec.seedVariable.isEmpty()
                        ? QString()
                        : QStringLiteral("; also the variable `%1`").arg(spec.seedVariable);
                table +=
                    QStringLiteral("| `[%1] %2` | %3 | %4 | %5%6 |\n")
                        .arg(spec.section, spec.key,
                             spec.flag.isEmpty() ? QString()
                                                 : QStringLiteral("`--%1`").arg(spec.flag),
                             fallback.isEmpty() ? QString() : QStringLiteral("`%1`").arg(fallback),
                             spec.help, also);
            }
        }
        holds(table);
    }
};

QTEST_GUILESS_MAIN(TestServicesDoc)
#include "tst_servicesdoc.moc"
