#pragma once

#include "core/model/fleetsnapshot.h"
#include "tests/support/program.h"

#include <QTemporaryDir>

namespace vigie {

/// A real vigied with the process provider on a store of its own, thresholds shortened so that a
/// test sees in seconds what takes minutes. Its workers are ended with it.
class OrchestratorProcess {
public:
    OrchestratorProcess();
    ~OrchestratorProcess();

    /// `policy` is added to the shortened one. False with why() filled when it does not listen.
    bool start(const QByteArray& policy = {});
    bool stop(int signal); ///< waits for its end
    QString why() const;
    QByteArray log() const { return m_daemon.standardError(); }

    QUrl url() const { return m_url; }
    QString tokenFile() const { return m_tokenFile; }
    QString folder() const { return m_dir.path(); } ///< of everything it keeps

    /// Asks for instances over HTTP; their ids.
    QStringList deploy(int count);
    /// The process of an instance's worker, found by its environment; 0 when there is none.
    static qint64 workerOf(const QString& instanceId);

    static constexpr double heartbeatThreshold = 4.0; ///< seconds
    static constexpr double tick = 0.2;               ///< seconds, of every job

private:
    QTemporaryDir m_dir;
    Program m_daemon{QStringLiteral("vigied")};
    QUrl m_url;
    QString m_tokenFile;
};

} // namespace vigie
