#include "core/services/servicecheck.h"
#include "core/services/servicecheckcodec.h"
#include "core/services/servicesettings.h"
#include "tests/core/services/servicebench.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace vigie;

namespace {

using Values = QList<QPair<QString, QString>>;

ServiceDescriptor named(const QString& name) {
    for (ServiceDescriptor& each : services::registry()) {
        if (each.name == name)
            return each;
    }
    qFatal("no service %s", qPrintable(name));
}

} // namespace

class TestServiceCheck : public QObject {
    Q_OBJECT

private:
    HurriedClock m_clock;
    HttpClient m_http{m_clock};
    QTemporaryDir m_folder;

    QString fileWith(const QByteArray& content) {
        const QString path = m_folder.filePath(QStringLiteral("key"));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(content) < 0)
            qFatal("can't write %s", qPrintable(path));
        return path;
    }

    ServiceCheck check(const QString& name, Values values, const FakeService& fake) {
        values.append({QStringLiteral("url"), fake.url().toString()});
        const ServiceDescriptor descriptor = named(name);
        const auto settings = serviceSettingsWith(descriptor.settings, values);
        if (!settings)
            qFatal("%s", qPrintable(settings.error().message));
        const ServiceContext context{m_clock, m_http, *settings};
        const auto service = descriptor.create(context);
        if (!service)
            qFatal("%s", qPrintable(service.error().message));
        return *await(
            checkService(**service, name, fake.url().toString(), m_clock, context.classifier, {}));
    }

    QString problem(const QString& name, const Values& values) {
        const ServiceDescriptor descriptor = named(name);
        const auto settings = serviceSettingsWith(descriptor.settings, values);
        if (!settings)
            return settings.error().message;
        const auto service = descriptor.create({m_clock, m_http, *settings});
        return service ? QString() : service.error().message;
    }

private Q_SLOTS:
    void allServicesAreThere() {
        QStringList names;
        for (const ServiceDescriptor& each : services::registry()) {
            names.append(each.name);
            QVERIFY(!each.summary.isEmpty());
            QVERIFY(!each.settings.empty());
            for (const SettingSpec& spec : each.settings) {
                QCOMPARE(spec.section, QStringLiteral("services.") + each.name);
                // A secret on a command line is everybody's.
                QVERIFY(!spec.secret || spec.flag.isEmpty());
            }
        }
        QCOMPARE(names.join(u' '), QStringLiteral("ollama storage supabase whisper"));
        // Together they are one program's settings.
        QVERIFY(Settings::read(serviceSettings(), {}));
    }

    void ollama() {
        FakeOllama fake;
        const ServiceCheck well =
            check(QStringLiteral("ollama"),
                  {{QStringLiteral("model"), QStringLiteral("llama3:8b")}}, fake);
        QVERIFY(well.healthy);
        QCOMPARE(well.finding.version, QStringLiteral("0.5.1"));
        QCOMPARE(well.finding.summary, QStringLiteral("2 models, llama3:8b among them"));
        QVERIFY(well.latency > Duration::zero());
        const ServiceCheck missing = check(
            QStringLiteral("ollama"), {{QStringLiteral("model"), QStringLiteral("gpt")}}, fake);
        QVERIFY(!missing.healthy);
        QVERIFY(missing.errorClass == ErrorClass::ModelNotFound);
        // A name without a tag is its latest.
        QVERIFY(check(QStringLiteral("ollama"),
                      {{QStringLiteral("model"), QStringLiteral("gemma-2-2b")}}, fake)
                    .healthy);
    }

    void supabase() {
        FakePostgrest fake;
        const QString file = fileWith(QByteArray(FakePostgrest::key) + '\n');
        const ServiceCheck well =
            check(QStringLiteral("supabase"), {{QStringLiteral("key-file"), file}}, fake);
        QVERIFY2(well.healthy, qPrintable(well.message));
        QCOMPARE(well.finding.version, QStringLiteral("12.2.3"));
        const ServiceCheck table = check(
            QStringLiteral("supabase"),
            {{QStringLiteral("key-file"), file}, {QStringLiteral("table"), QStringLiteral("jobs")}},
            fake);
        QVERIFY(table.healthy);
        QCOMPARE(table.finding.summary, QStringLiteral("table jobs is empty or hidden"));
        const ServiceCheck wrong = check(QStringLiteral("supabase"), {}, fake);
        QVERIFY(!wrong.healthy);
        QVERIFY(wrong.errorClass == ErrorClass::InvalidKey);
    }

    void whisper() {
        FakeWhisper fake;
        QVERIFY(check(QStringLiteral("whisper"), {}, fake).healthy);
        fake.hasHealth = false;
        QCOMPARE(check(QStringLiteral("whisper"), {}, fake).finding.summary,
                 QStringLiteral("2 models"));
        fake.hasHealth = true;
        fake.misbehave({faults::json(200, "{\"status\":\"error\"}")});
        // The call succeeded and the service did not: seed 004 took that for health.
        const ServiceCheck sick = check(QStringLiteral("whisper"), {}, fake);
        QVERIFY(!sick.healthy);
        QVERIFY(sick.errorClass == ErrorClass::Unavailable);
    }

    void storage() {
        FakeS3 fake;
        const QString file = fileWith("AKIDFIXTURE fixture/secret+key\n");
        const Values values{{QStringLiteral("key-file"), file},
                            {QStringLiteral("bucket"), QString::fromLatin1(FakeS3::bucket)}};
        const ServiceCheck well = check(QStringLiteral("storage"), values, fake);
        QVERIFY2(well.healthy, qPrintable(well.message));
        QCOMPARE(well.finding.summary, QStringLiteral("bucket checkpoints is empty"));
        Values elsewhere = values;
        elsewhere.last().second = QStringLiteral("elsewhere");
        QVERIFY(check(QStringLiteral("storage"), elsewhere, fake).errorClass ==
                ErrorClass::NotFound);
    }

    void retriesAreTold() {
        FakeOllama fake;
        fake.misbehave({faults::answer(500), faults::answer(500)});
        const ServiceCheck check_ = check(QStringLiteral("ollama"), {}, fake);
        QVERIFY(check_.healthy);
        QCOMPARE(check_.retries, quint64(2));
        QVERIFY(toLine(check_).endsWith(QStringLiteral("(2 retried)")));
    }

    void settingsThatCannotWork() {
        const QString url = QStringLiteral("url");
        for (const char* bad :
             {"", "localhost:11434", "ftp://h", "http://", "http://u:p@h", "http://h?x=1"}) {
            const QString text = problem(QStringLiteral("supabase"), {{url, QLatin1String(bad)}});
            QVERIFY2(text.contains(QStringLiteral("services.supabase.url")), bad);
        }
        const QString fine = QStringLiteral("http://127.0.0.1:1");
        QVERIFY(problem(QStringLiteral("ollama"), {{url, fine}}).isEmpty());
        QVERIFY(problem(QStringLiteral("ollama"),
                        {{url, fine}, {QStringLiteral("key-file"), QStringLiteral("/nowhere")}})
                    .contains(QStringLiteral("key_file")));
        QVERIFY(problem(QStringLiteral("ollama"),
                        {{url, fine}, {QStringLiteral("key-file"), fileWith(" \n")}})
                    .contains(QStringLiteral("empty")));
        // A line break in a key would be a header of the key's own.
        const QString split =
            problem(QStringLiteral("whisper"),
                    {{url, fine}, {QStringLiteral("key-file"), fileWith("a\r\nb")}});
        QVERIFY2(split.contains(QStringLiteral("control characters")), qPrintable(split));
        QVERIFY(problem(QStringLiteral("storage"), {{url, fine}})
                    .contains(QStringLiteral("services.storage.bucket")));
        const QString half = problem(QStringLiteral("storage"),
                                     {{url, fine},
                                      {QStringLiteral("bucket"), QStringLiteral("abc")},
                                      {QStringLiteral("access-key-id"), QStringLiteral("AK")}});
        QVERIFY2(half.contains(QStringLiteral("belong together")), qPrintable(half));
    }

    void forPeopleAndForPrograms() {
        ServiceCheck made;
        made.service = QStringLiteral("ollama");
        made.address = QStringLiteral("http://h");
        made.healthy = true;
        made.finding = {QStringLiteral("0.5"), QStringLiteral("3 models\nand more")};
        made.latency = std::chrono::milliseconds(12);
        QCOMPARE(toLine(made), QStringLiteral("ollama http://h: healthy in 12 ms, version 0.5, "
                                              "3 models and more"));
        const QJsonObject json = QJsonDocument::fromJson(encodeServiceCheck(made)).object();
        QCOMPARE(json[QStringLiteral("healthy")].toBool(), true);
        QCOMPARE(json[QStringLiteral("latency_seconds")].toDouble(), 0.012);
        made.healthy = false;
        made.errorClass = ErrorClass::Timeout;
        made.message = QStringLiteral("no answer");
        QCOMPARE(toLine(made), QStringLiteral("ollama http://h: unhealthy after 12 ms, timeout: "
                                              "no answer"));
        const QJsonObject sick = QJsonDocument::fromJson(encodeServiceCheck(made)).object();
        QCOMPARE(sick[QStringLiteral("error_class")].toString(), QStringLiteral("timeout"));
        QVERIFY(!sick.contains(QStringLiteral("summary")));
    }
};

QTEST_GUILESS_MAIN(TestServiceCheck)
#include "tst_servicecheck.moc"
