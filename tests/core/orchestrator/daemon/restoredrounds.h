#pragma once

#include "tests/core/orchestrator/daemon/caller.h"
#include "tests/core/orchestrator/daemon/cloudfile.h"
#include "tests/core/orchestrator/daemon/troubledvigied.h"
#include "tests/core/orchestrator/daemon/vigiedcommand.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>

namespace vigie {

/// A backup, a machine made after it, the restore, and what a real vigied does then. Its orphans go
/// within a second where nothing keeps it from deleting them.
class RestoredRounds {
public:
    explicit RestoredRounds(const QString& store = {}) : m_vigied(m_folder.path(), store) {}

    /// What went wrong; empty when nothing did.
    QString run() {
        if (!begin())
            return QStringLiteral("no start: ") + m_vigied.why();
        const QString before = deploy();
        if (!waitFor([&] { return statusOf(before) == QLatin1String("ready"); }))
            return QStringLiteral("the first never served");
        const QString head = logHead();
        const Ran backup = store({QStringLiteral("backup"), file()});
        if (backup.code != 0)
            return QString::fromUtf8(backup.err);
        const QString after = deploy();
        if (!waitFor([&] { return statusOf(after) == QLatin1String("ready"); }))
            return QStringLiteral("the second never served");
        const Ran inUse = store({QStringLiteral("restore"), file()});
        if (inUse.code != 1 || !inUse.err.contains("in use") || inUse.err.count('\n') != 1)
            return QStringLiteral("restored under a running vigied: ") +
                   QString::fromUtf8(inUse.out + inUse.err);
        const QByteArray cursor = fleetCursor();
        m_vigied.program().signal(SIGTERM);
        if (!m_vigied.program().waitForEnd())
            return QStringLiteral("it does not stop");
        const Ran restored = store({QStringLiteral("restore"), file()});
        if (restored.code != 0 || !restored.out.contains("kept as"))
            return QString::fromUtf8(restored.out + restored.err);
        if (logHead(head).isEmpty())
            return QStringLiteral("the log of the restored store is not whole, or lacks ") + head;
        if (!begin())
            return QStringLiteral("no start afterwards: ") + m_vigied.why();
        if (fleetCursor() == cursor)
            return QStringLiteral("cursors are as before");
        if (const QString wrong = heldBack(before); !wrong.isEmpty())
            return wrong;
        return released(before, after);
    }

private:
    bool begin() {
        const bool listens = m_vigied.begin(false);
        m_caller = listens ? std::make_unique<Caller>(m_vigied.line()) : nullptr;
        return listens;
    }
    QString file() const { return m_folder.filePath(QStringLiteral("backup")); }
    Ran store(const QStringList& words) const {
        return runVigied(QStringList{QStringLiteral("store")} + words +
                             QStringList{QStringLiteral("--store"), m_vigied.store()},
                         m_folder.path());
    }
    /// Empty when the action log is not whole, or does not have `known` in it.
    QString logHead(const QString& known = {}) const {
        QStringList words{QStringLiteral("log"), QStringLiteral("verify"), QStringLiteral("--json"),
                          QStringLiteral("--store"), m_vigied.store()};
        if (!known.isEmpty())
            words += {QStringLiteral("--known"), known};
        const QJsonObject told = runVigied(words, m_folder.path()).json();
        const bool checked = known.isEmpty() || told.value(QLatin1String("known_checked")).toBool();
        return checked && told.value(QLatin1String("whole")).toBool()
                   ? told.value(QLatin1String("head")).toString()
                   : QString();
    }
    template <typename Condition>
    bool waitFor(Condition condition) {
        return QTest::qWaitFor(std::move(condition), 60'000);
    }

    QString deploy() {
        const Answered answer =
            m_caller->call(m_caller->request("POST", QStringLiteral("/deployments"),
                                             "{\"provider_code\":\"mock\",\"zone\":\"mock-a-1\","
                                             "\"instance_type\":\"mock.cpu\",\"model_id\":\"m\"}"));
        return QJsonDocument::fromJson(answer.body)
            .object()
            .value(QLatin1String("instance_id"))
            .toString();
    }
    QJsonObject get(const char* path) {
        return QJsonDocument::fromJson(
                   m_caller->call(m_caller->request("GET", QString::fromLatin1(path))).body)
            .object();
    }
    QString statusOf(const QString& id) {
        for (const QJsonValue& each : m_caller->instances()) {
            if (each.toObject().value(QLatin1String("id")).toString() == id)
                return each.toObject().value(QLatin1String("status")).toString();
        }
        return {};
    }
    QByteArray fleetCursor() {
        return get("/fleet").value(QLatin1String("cursor")).toString().toUtf8();
    }
    int runsOf(const char* job) {
        const Answered answer = m_caller->call(m_caller->request("GET", QStringLiteral("/jobs")));
        for (const QJsonValue& each : QJsonDocument::fromJson(answer.body).array()) {
            if (each.toObject().value(QLatin1String("name")).toString() == QLatin1String(job))
                return each.toObject().value(QLatin1String("runs")).toInt();
        }
        return 0;
    }
    /// So many cycles of what deletes, each of which could have.
    bool manyCycles() {
        const int machines = runsOf("watch-dog") + 12;
        const int volumes = runsOf("volume-reconciliation") + 12;
        return waitFor([&] {
            return runsOf("watch-dog") >= machines && runsOf("volume-reconciliation") >= volumes;
        });
    }
    qsizetype machines() const { return CloudFile(m_folder.path()).list("machines").size(); }

    QString heldBack(const QString& before) {
        m_wished = deploy();
        (void)m_caller->call(m_caller->request("DELETE", QStringLiteral("/instances/") + before));
        if (!manyCycles())
            return QStringLiteral("its jobs stand still");
        if (statusOf(m_wished) != QLatin1String("provisioning"))
            return QStringLiteral("it provisions in a store that nobody released");
        if (statusOf(before) != QLatin1String("terminating"))
            return QStringLiteral("the first is ") + statusOf(before);
        if (machines() != 2)
            return QStringLiteral("%1 machines before the release").arg(machines());
        const QJsonArray pauses = get("/automation").value(QLatin1String("paused_by")).toArray();
        if (pauses.size() != 1 || !pauses.at(0)
                                       .toObject()
                                       .value(QLatin1String("reason"))
                                       .toString()
                                       .contains(QLatin1String("restored from a backup of 20")))
            return QStringLiteral("not paused: ") +
                   QString::fromUtf8(QJsonDocument(pauses).toJson());
        return {};
    }

    QString released(const QString& before, const QString& after) {
        const Answered answer = m_caller->call(m_caller->request(
            "POST", QStringLiteral("/automation"), "{\"release\":{\"reason\":\"looked at it\"}}"));
        if (answer.status != 200)
            return QStringLiteral("not released: ") + QString::fromUtf8(answer.body);
        if (!waitFor([&] {
                return statusOf(m_wished) == QLatin1String("ready") &&
                       statusOf(before) == QLatin1String("terminated");
            }))
            return QStringLiteral("nothing goes on after the release");
        if (!manyCycles())
            return QStringLiteral("its jobs stand still after the release");
        bool there = false;
        for (const QJsonValue& each : CloudFile(m_folder.path()).list("machines"))
            there = there || each.toObject().value(QLatin1String("instance_id")) == after;
        if (!there || machines() != 2)
            return QStringLiteral("the machine that the backup does not know is gone");
        m_vigied.program().signal(SIGTERM);
        if (!m_vigied.program().waitForEnd() || !begin())
            return QStringLiteral("it does not start again");
        if (!waitFor([&] {
                const QJsonObject automation = get("/automation");
                return automation.contains(QLatin1String("paused_by")) &&
                       automation.value(QLatin1String("paused_by")).toArray().isEmpty();
            }))
            return QStringLiteral("it is held again after a restart");
        return logHead().isEmpty() ? QStringLiteral("what came after it broke the log's chain")
                                   : QString();
    }

    QTemporaryDir m_folder;
    lifecyclekill::TroubledVigied m_vigied;
    std::unique_ptr<Caller> m_caller;
    QString m_wished;
};

} // namespace vigie
