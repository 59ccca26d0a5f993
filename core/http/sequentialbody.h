#pragma once

#include <QByteArray>
#include <QIODevice>

#include <algorithm>
#include <cstring>

namespace vigie {

/// A request body that can be read only once. QNetworkAccessManager sends any request again, behind
/// our back, when the server closes without an answer; it can't when the body can't be rewound.
class SequentialBody final : public QIODevice {
public:
    SequentialBody(QByteArray bytes, QObject* parent)
        : QIODevice(parent), m_bytes(std::move(bytes)) {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }

    bool isSequential() const override { return true; }
    bool seek(qint64) override {
        return false;
    } // Qt's own warns, and a refused rewind is the point
    bool atEnd() const override { return m_read == m_bytes.size(); }
    qint64 bytesAvailable() const override { return m_bytes.size() - m_read; }

protected:
    qint64 readData(char* to, qint64 size) override {
        const qint64 count = std::min<qint64>(size, m_bytes.size() - m_read);
        if (count == 0)
            return -1;
        std::memcpy(to, m_bytes.constData() + m_read, static_cast<std::size_t>(count));
        m_read += count;
        return count;
    }
    qint64 writeData(const char*, qint64) override { return -1; }

private:
    QByteArray m_bytes;
    qint64 m_read = 0;
};

} // namespace vigie
