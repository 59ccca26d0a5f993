#include "tests/support/testcertificate.h"

#include <QFile>
#include <QTemporaryDir>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace vigie {

namespace {

QByteArray readFile(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    return file.readAll();
}

/// Not by QProcess: its child runs in this memory until it is another program, and leaves
/// ThreadSanitizer deaf to every lock that this thread takes afterwards.
void openssl(const QString& folder, const QStringList& arguments) {
    QList<QByteArray> words{"openssl"};
    for (const QString& argument : arguments)
        words.append(argument.toLocal8Bit());
    std::vector<char*> list;
    for (QByteArray& word : words)
        list.push_back(word.data());
    list.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, folder.toLocal8Bit().constData());
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "log", O_WRONLY | O_CREAT, 0600);
    pid_t child = 0;
    int status = 0;
    const int error = posix_spawnp(&child, "openssl", &actions, nullptr, list.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        qFatal("openssl can't be started: %s", std::strerror(error));
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        qFatal("openssl %s: %s", qPrintable(arguments.join(QLatin1Char(' '))),
               readFile(folder + QStringLiteral("/log")).constData());
}

void writeFile(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

} // namespace

TestCertificate makeTestCertificate(const TestCertificateOptions& options) {
    const QTemporaryDir folder;
    const QString dir = folder.path();
    const TestCertificate* issuer = options.issuer;
    writeFile(folder.filePath(QStringLiteral("ext")),
              "subjectAltName=" + options.subjectAltName +
                  "\nbasicConstraints=CA:" + (options.authority ? "TRUE" : "FALSE") + "\n");
    openssl(dir, {QStringLiteral("req"), QStringLiteral("-newkey"), QStringLiteral("ec"),
                  QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:P-256"),
                  QStringLiteral("-nodes"), QStringLiteral("-keyout"), QStringLiteral("key"),
                  QStringLiteral("-out"), QStringLiteral("csr"), QStringLiteral("-subj"),
                  QStringLiteral("/CN=") + QString::fromUtf8(options.commonName)});
    QStringList sign{QStringLiteral("x509"),     QStringLiteral("-req"),
                     QStringLiteral("-in"),      QStringLiteral("csr"),
                     QStringLiteral("-out"),     QStringLiteral("crt"),
                     QStringLiteral("-days"),    QString::number(options.days),
                     QStringLiteral("-extfile"), QStringLiteral("ext")};
    if (issuer) {
        writeFile(folder.filePath(QStringLiteral("ca")), issuer->pem);
        writeFile(folder.filePath(QStringLiteral("cakey")), issuer->keyPem);
        sign << QStringLiteral("-CA") << QStringLiteral("ca") << QStringLiteral("-CAkey")
             << QStringLiteral("cakey") << QStringLiteral("-CAcreateserial");
    } else {
        sign << QStringLiteral("-signkey") << QStringLiteral("key");
    }
    openssl(dir, sign);
    TestCertificate made;
    made.pem = readFile(folder.filePath(QStringLiteral("crt")));
    made.keyPem = readFile(folder.filePath(QStringLiteral("key")));
    made.certificate = QSslCertificate(made.pem);
    made.key = QSslKey(made.keyPem, QSsl::Ec);
    return made;
}

} // namespace vigie
