#pragma once

#include "core/tasks/deadletters/deadletterqueue.h"
#include "core/tasks/runner/runjournal.h"
#include "tests/support/faultyserver.h"
#include "tests/support/program.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

namespace vigie {

/// A model server that does each piece of work once: it knows what it did by its idempotency key,
/// and tells how often it was asked.
class CountingModel {
public:
    CountingModel() {
        m_server.setScript([this](const FaultyRequest& request) { return answer(request); });
    }

    QUrl url() const { return m_server.url({}); }
    const QHash<QString, int>& asked() const { return m_asked; }
    /// Requests since the last call.
    QStringList takeNew() { return std::exchange(m_new, {}); }
    /// Runs the event loop until everything that was sent by clients that ended is taken in; false
    /// when somebody stays connected.
    bool drained() const {
        return QTest::qWaitFor([this] {
            QCoreApplication::processEvents(); // accepts what still waits at the door
            return m_server.openConnections() == 0;
        });
    }
    int worked() const { return m_worked; } ///< pieces of work that were really done
    void failAlways(const QString& prompt) { m_failing.insert(prompt); }
    void heal() { m_failing.clear(); }

    static QString textFor(const QString& prompt) { return QStringLiteral("done: ") + prompt; }

private:
    Fault answer(const FaultyRequest& request) {
        const QString key = QString::fromUtf8(request.header("Idempotency-Key"));
        const QJsonObject body = QJsonDocument::fromJson(request.body).object();
        const QString prompt = body.value(QStringLiteral("messages"))
                                   .toArray()
                                   .first()
                                   .toObject()
                                   .value(QStringLiteral("content"))
                                   .toString();
        m_new.append(key);
        if (m_failing.contains(prompt))
            return faults::json(400, "{\"error\":{\"message\":\"bad prompt\","
                                     "\"type\":\"invalid_request_error\"}}");
        if (++m_asked[key] == 1)
            ++m_worked;
        const QJsonObject message{{QStringLiteral("content"), textFor(prompt)}};
        const QJsonObject choice{{QStringLiteral("message"), message}};
        return faults::json(
            200, QJsonDocument(QJsonObject{{QStringLiteral("choices"), QJsonArray{choice}}})
                     .toJson(QJsonDocument::Compact));
    }

    FaultyServer m_server;
    QHash<QString, int> m_asked;
    QStringList m_new;
    QSet<QString> m_failing;
    int m_worked = 0;
};

/// A folder for runs, and vigied's commands over it.
class TaskBench {
public:
    QString file(const QString& name) const { return m_dir.filePath(name); }
    QString runFolder(const QString& id) const {
        return m_dir.filePath(QStringLiteral("tasks/runs/") + id);
    }

    QString writePlan(const QUrl& url, int tasks, const QByteArray& more = {}) const {
        QFile plan(file(QStringLiteral("plan.toml")));
        if (!plan.open(QIODevice::WriteOnly))
            qFatal("can't write a plan");
        plan.write("name = \"bench\"\nstrategy = \"parallel-limited\"\nlimit = 4\n"
                   "profile = \"llm-task\"\n" +
                   more + "[engines.model]\nkind = \"openai\"\nurl = \"" + url.toEncoded() +
                   "\"\nmodel = \"empty-factory" +
                   "\"\n[[task]]\nid = \"t\"\nprompt = \"work\"\nrepeat = " +
                   QByteArray::number(tasks) + "\n");
        return plan.fileName();
    }

    QStringList command(const QStringList& words) const {
        return words + QStringList{QStringLiteral("--tasks-dir=") + file(QStringLiteral("tasks"))};
    }

    /// Runs one command to its end; its exit code, output and errors.
    struct Ended {
        int code = -1;
        QByteArray out, err;
        QJsonObject json(int line = 0) const {
            return QJsonDocument::fromJson(out.split('\n').value(line)).object();
        }
    };
    Ended run(const QStringList& words) const {
        Program vigied(QStringLiteral("vigied"));
        Ended ended;
        ended.code = vigied.run(command(words), 60'000);
        ended.out = vigied.standardOutput();
        ended.err = vigied.standardError();
        return ended;
    }

private:
    QTemporaryDir m_dir;
};

} // namespace vigie
