// docs/metrics.md against what vigied and vigie-worker really expose, both forms of it, and both
// pages against Prometheus' own tool.

#include "core/telemetry/exposition.h"
#include "tests/integration/metrics/metricpages.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>

using namespace vigie;

namespace {

struct Row {
    QString type;
    QStringList labels;
    bool always = true;
};
using Rows = QMap<QString, Row>;

/// The table of one section of the page.
Rows documented(const QString& section) {
    QFile file(QStringLiteral(VIGIE_SOURCE_DIR "/docs/metrics.md"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("can't read %s", qPrintable(file.fileName()));
    static const QRegularExpression quoted(QStringLiteral("`([^`]+)`"));
    Rows rows;
    bool inside = false;
    for (const QString& line : QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'))) {
        if (line.startsWith(QLatin1String("## ")))
            inside = line == QStringLiteral("## `%1`").arg(section);
        if (!inside || !line.startsWith(QLatin1String("| `")))
            continue;
        const QStringList cells = line.split(QLatin1Char('|'));
        Row row;
        row.type = cells.value(2).trimmed();
        auto labels = quoted.globalMatch(cells.value(3));
        while (labels.hasNext())
            row.labels << labels.next().captured(1);
        row.labels.sort();
        row.always = !cells.value(4).trimmed().startsWith(QLatin1String("Only"));
        rows.insert(quoted.match(cells.value(1)).captured(1), row);
    }
    return rows;
}

QString word(MetricType type) {
    return type == MetricType::Counter     ? QStringLiteral("counter")
           : type == MetricType::Histogram ? QStringLiteral("histogram")
           : type == MetricType::Gauge     ? QStringLiteral("gauge")
                                           : QStringLiteral("?");
}

Rows exposed(const QByteArray& page) {
    const auto read =
        parseExposition({page.constData(), std::size_t(page.size())}, ExpositionFormat::Text);
    if (!read || !read->warnings.empty())
        qFatal("unreadable: %s", page.constData());
    Rows rows;
    for (const MetricFamily& family : read->families) {
        Row row{word(family.type), {}, true};
        for (const MetricSample& sample : family.samples) {
            for (const MetricLabel& label : sample.labels) {
                const QString name = QString::fromStdString(label.name);
                if (name != QLatin1String("le") && !row.labels.contains(name))
                    row.labels << name;
            }
        }
        row.labels.sort();
        rows.insert(QString::fromStdString(family.name), row);
    }
    return rows;
}

QString differences(const Rows& page, const Rows& program) {
    QStringList found;
    for (auto row = program.begin(); row != program.end(); ++row) {
        const auto told = page.find(row.key());
        if (told == page.end())
            found << row.key() + QStringLiteral(" is not in docs/metrics.md");
        else if (told->type != row->type || told->labels != row->labels)
            found << QStringLiteral("%1 is a %2 by (%3); the page says %4 by (%5)")
                         .arg(row.key(), row->type, row->labels.join(QLatin1Char(',')), told->type,
                              told->labels.join(QLatin1Char(',')));
    }
    for (auto row = page.begin(); row != page.end(); ++row) {
        if (row->always && !program.contains(row.key()))
            found << row.key() + QStringLiteral(" is not exposed");
    }
    return found.join(QLatin1Char('\n'));
}

} // namespace

class TestMetricsDoc : public QObject {
    Q_OBJECT

private:
    MetricPages m_pages;

    void programs() {
        QTest::addColumn<QString>("program");
        QTest::newRow("vigied") << QStringLiteral("vigied");
        QTest::newRow("vigie-worker") << QStringLiteral("vigie-worker");
    }
    QUrl urlOf(const QString& program) const {
        return program == QLatin1String("vigied") ? m_pages.daemonMetrics()
                                                  : m_pages.workerMetrics();
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_pages.start(), qPrintable(m_pages.why())); }

    void theDashboardShowsWhatThereIs() {
        QFile file(QStringLiteral(VIGIE_SOURCE_DIR "/resources/grafana/vigie.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY(QJsonDocument::fromJson(text).isObject());
        const Rows rows = documented(QStringLiteral("vigied"));
        static const QRegularExpression name(QStringLiteral("\\bvigie_[a-z_]+"));
        static const QRegularExpression part(QStringLiteral("_(bucket|count|sum)$"));
        auto found = name.globalMatch(QString::fromUtf8(text));
        QVERIFY(found.hasNext());
        while (found.hasNext()) {
            QString metric = found.next().captured();
            metric.remove(part);
            QVERIFY2(rows.contains(metric), qPrintable(metric));
        }
    }

    void thePageTellsWhatIsExposed_data() { programs(); }
    void thePageTellsWhatIsExposed() {
        QFETCH(QString, program);
        const Rows rows = documented(program);
        QVERIFY(rows.size() > 10);
        QString wrong;
        // Some figures need a second sample.
        QTRY_VERIFY2((wrong = differences(rows, exposed(m_pages.get(urlOf(program))))).isEmpty(),
                     qPrintable(wrong));
    }

    void jsonTellsTheSame_data() { programs(); }
    void jsonTellsTheSame() {
        QFETCH(QString, program);
        QUrl url = urlOf(program);
        url.setQuery(QStringLiteral("format=json"));
        const QJsonArray families = QJsonDocument::fromJson(m_pages.get(url)).array();
        const Rows text = exposed(m_pages.get(urlOf(program)));
        QStringList names;
        for (const auto& family : families) {
            const QString name = family[QStringLiteral("name")].toString();
            names << name;
            QCOMPARE(family[QStringLiteral("type")].toString(), text.value(name).type);
            const QJsonArray samples = family[QStringLiteral("samples")].toArray();
            QVERIFY(!samples.isEmpty());
            for (const auto& sample : samples) {
                if (text.value(name).type == QLatin1String("histogram"))
                    QVERIFY(!sample[QStringLiteral("p99")].isUndefined());
                else
                    QVERIFY(sample[QStringLiteral("value")].isDouble());
            }
        }
        QCOMPARE(names, text.keys());
    }

    void promtoolHasNothingToSay_data() { programs(); }
    void promtoolHasNothingToSay() {
        QFETCH(QString, program);
        const QString promtool = QStandardPaths::findExecutable(QStringLiteral("promtool"));
        QVERIFY2(!promtool.isEmpty(), "promtool is missing: see packaging/deps.sh");
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(promtool, {QStringLiteral("check"), QStringLiteral("metrics")});
        process.write(m_pages.get(urlOf(program)));
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished());
        const QByteArray said = process.readAll();
        QVERIFY2(process.exitCode() == 0 && said.trimmed().isEmpty(), said.constData());
    }
};

QTEST_GUILESS_MAIN(TestMetricsDoc)
#include "tst_metricsdoc.moc"
