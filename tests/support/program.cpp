#include "tests/support/program.h"

#include <QEventLoop>
#include <QJsonDocument>
#include <QTest>

#include <csignal>

namespace vigie {

Program::Program(const QString& name, QObject* parent)
    : QObject(parent),
      m_path(name.startsWith(QLatin1Char('/')) ? name
                                               : QStringLiteral(VIGIE_TEST_BIN_DIR "/") + name),
      m_environment(QProcessEnvironment::systemEnvironment()) {
    connect(&m_process, &QProcess::readyReadStandardOutput, this,
            [this] { m_out += m_process.readAllStandardOutput(); });
    connect(&m_process, &QProcess::readyReadStandardError, this,
            [this] { m_err += m_process.readAllStandardError(); });
}

Program::~Program() {
    if (m_process.state() != QProcess::NotRunning) {
        m_process.kill();
        m_process.waitForFinished(5000);
    }
}

void Program::setEnvironment(const QString& variable, const QString& value) {
    m_environment.insert(variable, value);
}

void Program::start(const QStringList& arguments) {
    m_out.clear();
    m_err.clear();
    m_process.setProcessEnvironment(m_environment);
    m_process.start(m_path, arguments);
    m_process.waitForStarted(10'000);
}

QJsonObject Program::startAndListen(const QStringList& arguments, int timeoutMs) {
    start(arguments);
    const bool answered = QTest::qWaitFor(
        [this] { return m_out.contains('\n') || m_process.state() == QProcess::NotRunning; },
        timeoutMs);
    if (!answered)
        return {};
    return QJsonDocument::fromJson(m_out.left(m_out.indexOf('\n'))).object();
}

int Program::run(const QStringList& arguments, int timeoutMs) {
    start(arguments);
    if (!waitForEnd(timeoutMs)) {
        kill9();
        return -1;
    }
    return m_process.exitCode();
}

void Program::signal(int number) {
    if (m_process.processId() > 0)
        ::kill(static_cast<pid_t>(m_process.processId()), number);
}

bool Program::waitForEnd(int timeoutMs) {
    return QTest::qWaitFor([this] { return m_process.state() == QProcess::NotRunning; }, timeoutMs);
}

void Program::kill9() {
    signal(SIGKILL);
    m_process.waitForFinished(5000);
}

} // namespace vigie
