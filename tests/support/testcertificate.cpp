#include "tests/support/testcertificate.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

namespace vigie {

namespace {

void openssl(const QString& folder, const QStringList& arguments) {
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(QStringLiteral("openssl"), arguments);
    if (!process.waitForFinished() || process.exitCode() != 0)
        qFatal("openssl %s: %s", qPrintable(arguments.join(QLatin1Char(' '))),
               process.readAllStandardError().constData());
}

void writeFile(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

QByteArray readFile(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    return file.readAll();
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
