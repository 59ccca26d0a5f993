#pragma once

#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace vigie {

/// The mock cloud's own file: between two runs of the daemon things happen in the cloud.
class CloudFile {
public:
    explicit CloudFile(const QString& folder) {
        QDirIterator files(folder, {QStringLiteral("mock-machines.json")}, QDir::Files,
                           QDirIterator::Subdirectories);
        m_path = files.hasNext() ? files.next() : QString();
        root = read();
    }
    QJsonObject read() const {
        QFile file(m_path);
        return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object()
                                              : QJsonObject();
    }
    QJsonArray list(const char* name) const { return read().value(QLatin1String(name)).toArray(); }
    bool write() const {
        QFile file(m_path);
        return file.open(QIODevice::WriteOnly | QIODevice::Truncate) &&
               file.write(QJsonDocument(root).toJson()) > 0;
    }
    QJsonObject root;

private:
    QString m_path;
};

} // namespace vigie
