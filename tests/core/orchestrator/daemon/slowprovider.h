#pragma once

#include "tests/core/orchestrator/daemon/caller.h"
#include "tests/support/program.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QMap>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

namespace vigie {

inline double quantile(std::vector<double> values, double share) {
    std::ranges::sort(values);
    // Of few values the largest: nearest rank.
    return values.empty() ? 0 : values[size_t(std::ceil(double(values.size()) * share)) - 1];
}

/// A daemon with many instances at a provider that is slow and fails three calls of ten: what the
/// jobs and the API do meanwhile.
class SlowProvider {
    static constexpr double jobSeconds = 10;

    QTemporaryDir m_folder;
    std::unique_ptr<Program> m_daemon;
    std::unique_ptr<Caller> m_caller;
    QString m_cursor;

    double milliseconds(const char* path) {
        QElapsedTimer timer;
        timer.start();
        const Answered answer = m_caller->call(m_caller->request("GET", QLatin1String(path)));
        const double took = double(timer.nsecsElapsed()) / 1e6;
        return answer.status == 200 ? took : 1e9;
    }

    /// A call that the server holds until something changes, for 50 ms at most.
    void hold() {
        const QByteArray cursor = QUrl::toPercentEncoding(m_cursor);
        const Answered held = m_caller->call(m_caller->request(
            "GET", QStringLiteral("/fleet?wait=0.05&since=") + QString::fromLatin1(cursor)));
        m_cursor =
            QJsonDocument::fromJson(held.body).object().value(QLatin1String("cursor")).toString();
    }

public:
    /// `latency`: seconds that each call takes.
    void begin(int instances, const char* latency) {
        m_daemon = std::make_unique<Program>(QStringLiteral("vigied"));
        const auto set = [this](const char* name, const char* value) {
            m_daemon->setEnvironment(QLatin1String(name), QLatin1String(value));
        };
        set("VIGIE_PROVIDERS_MOCK_LATENCY_SECONDS", latency);
        set("VIGIE_PROVIDERS_MOCK_ERROR_RATE", "0.3");
        set("VIGIE_PROVIDERS_MOCK_BOOT_SECONDS", "1");
        set("VIGIE_PROVIDERS_MOCK_INSTALL_SECONDS", "1");
        set("VIGIE_PROVIDERS_MOCK_LOAD_SECONDS", "1");
        const QJsonObject line = m_daemon->startAndListen(
            {QStringLiteral("--listen=127.0.0.1:0"), QStringLiteral("--provider=mock"),
             QStringLiteral("--store=sqlite:") + m_folder.filePath(QStringLiteral("f.db"))});
        QVERIFY2(!line.isEmpty(), m_daemon->standardError().constData());
        m_caller = std::make_unique<Caller>(line);
        for (int i = 0; i < instances; ++i) {
            const Answered made = m_caller->call(m_caller->request(
                "POST", QStringLiteral("/deployments"),
                "{\"provider_code\":\"mock\",\"zone\":\"mock-a-1\",\"instance_type\":\"mock.cpu\","
                "\"model_id\":\"m\"}"));
            QVERIFY2(made.status == 202 || made.status == 200, made.body.constData());
        }
    }

    /// Every job starts within two of its intervals; `p99Ms`: so long may the API take, 0:
    /// whatever.
    void watch(qint64 watchMs, double p99Ms) {
        QMap<QString, QList<qint64>> starts; // of each job, ms
        std::vector<double> answers;
        QElapsedTimer since;
        since.start();
        while (since.elapsed() < watchMs) {
            for (const char* path : {"/instances", "/automation", "/fleet", "/readyz"})
                answers.push_back(milliseconds(path));
            const Answered jobs = m_caller->call(m_caller->request("GET", QStringLiteral("/jobs")));
            for (const QJsonValue& each : QJsonDocument::fromJson(jobs.body).array()) {
                const QJsonObject job = each.toObject();
                const qint64 began =
                    QDateTime::fromString(job.value(QLatin1String("last_run_at")).toString(),
                                          Qt::ISODateWithMs)
                        .toMSecsSinceEpoch();
                QList<qint64>& known = starts[job.value(QLatin1String("name")).toString()];
                if (began > 0 && (known.isEmpty() || known.last() != began))
                    known.append(began);
            }
            hold(); // the pace of a client is the server's
        }
        const double p99 = quantile(answers, 0.99);
        QVERIFY(answers.size() > 100);
        QStringList late;
        for (auto job = starts.begin(); job != starts.end(); ++job) {
            std::vector<double> gaps;
            for (qsizetype i = 1; i < job->size(); ++i)
                gaps.push_back(double((*job)[i] - (*job)[i - 1]) / 1000);
            const double interval = intervalOf(job.key());
            const double worst = quantile(gaps, 0.99);
            qInfo("%s: %d starts, p99 %.1f s of %.0f s", qPrintable(job.key()), int(job->size()),
                  worst, interval);
            const bool missing = gaps.empty() && double(watchMs) / 1000 > 2 * interval;
            if (missing || worst > 2 * interval)
                late.append(job.key());
        }
        qInfo("the API's p99: %.1f ms of %d answers", p99, int(answers.size()));
        QVERIFY2(late.isEmpty(), qPrintable(late.join(u' ')));
        QVERIFY2(p99Ms == 0 ? p99 < 1e9 : p99 < p99Ms, qPrintable(QString::number(p99)));
    }

    void allAreReadyInTheEnd(int instances) {
        const auto ready = [this] {
            const QJsonArray all = m_caller->instances();
            return std::ranges::count_if(all, [](const QJsonValue& each) {
                return each.toObject().value(QLatin1String("status")).toString() ==
                       QLatin1String("ready");
            });
        };
        QTRY_VERIFY_WITH_TIMEOUT(ready() >= instances * 9 / 10, 600'000);
    }

private:
    double intervalOf(const QString& job) {
        const Answered jobs = m_caller->call(m_caller->request("GET", QStringLiteral("/jobs")));
        for (const QJsonValue& each : QJsonDocument::fromJson(jobs.body).array()) {
            if (each.toObject().value(QLatin1String("name")).toString() == job)
                return each.toObject().value(QLatin1String("interval_s")).toDouble();
        }
        return jobSeconds;
    }
};

} // namespace vigie
