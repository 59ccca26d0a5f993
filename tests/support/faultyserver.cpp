#include "tests/support/faultyserver.h"

#include <QSslSocket>

#include <algorithm>
#include <sys/socket.h>
#include <utility>

namespace vigie {

QByteArray FaultyRequest::header(const QByteArray& name) const {
    const auto found = std::ranges::find_if(headers, [&](const auto& header) {
        return header.first.compare(name, Qt::CaseInsensitive) == 0;
    });
    return found == headers.end() ? QByteArray() : found->second;
}

namespace {

/// Takes one whole request off the front of `buffer`; nothing while it is incomplete.
std::optional<FaultyRequest> takeRequest(QByteArray& buffer) {
    FaultyRequest request;
    if (!buffer.isEmpty() && (buffer.at(0) < 'A' || buffer.at(0) > 'Z')) {
        request.body = std::exchange(buffer, {}); // not HTTP: a TLS greeting, perhaps
        return request;
    }
    const qsizetype end = buffer.indexOf("\r\n\r\n");
    if (end < 0)
        return {};
    const QList<QByteArray> lines = buffer.left(end).split('\n');
    const QList<QByteArray> words = lines.first().trimmed().split(' ');
    request.method = words.value(0);
    request.target = words.value(1);
    for (const QByteArray& line : lines.mid(1)) {
        const qsizetype colon = line.indexOf(':');
        request.headers.append({line.left(colon).trimmed(), line.mid(colon + 1).trimmed()});
    }
    const qsizetype length = request.header("Content-Length").toLongLong();
    if (buffer.size() < end + 4 + length)
        return {};
    request.body = buffer.mid(end + 4, length);
    buffer.remove(0, end + 4 + length);
    return request;
}

} // namespace

/// One accepted socket and the fault it is playing.
class FaultyServer::Connection {
public:
    Connection(FaultyServer& server, int number, QSslSocket* socket)
        : m_server(server), m_number(number), m_socket(socket) {}
    ~Connection() {
        m_socket->disconnect();
        m_socket->abort();
        m_socket->deleteLater();
    }

    void readyRead() {
        m_buffer += m_socket->readAll();
        if (m_playing)
            return;
        auto request = takeRequest(m_buffer);
        if (!request)
            return;
        request->connection = m_number;
        m_fault = m_server.m_script ? m_server.m_script(*request) : faults::answer(200, "ok");
        m_playing = true;
        m_server.m_requests.append(*request);
        Q_EMIT m_server.received();
        step();
    }

    void step() {
        if (!m_fault.bytes.isEmpty()) {
            const bool slow = m_fault.perByte > Duration::zero();
            send(slow ? m_fault.bytes.left(1) : m_fault.bytes);
            m_fault.bytes.remove(0, slow ? 1 : m_fault.bytes.size());
            if (slow && !m_fault.bytes.isEmpty()) {
                m_timer = m_server.m_clock.schedule(m_fault.perByte, [this] { step(); });
                return;
            }
        }
        if (m_fault.repeated.isEmpty())
            finish();
        else
            pump();
    }

    /// Goes on with an endless body as the client reads, within bounded memory.
    void pump() {
        while (m_playing && !m_fault.repeated.isEmpty() && m_fault.bytes.isEmpty() &&
               m_socket->bytesToWrite() + m_socket->encryptedBytesToWrite() < 128 * 1024 &&
               m_socket->state() == QAbstractSocket::ConnectedState)
            send(m_fault.repeated);
    }

private:
    void send(const QByteArray& bytes) {
        m_socket->write(bytes);
        m_server.m_bytesSent += bytes.size();
        if (m_fault.repeated.isEmpty())
            m_socket->flush();
    }

    void finish() {
        switch (m_fault.then) {
        case Fault::Then::KeepOpen:
            m_playing = false;
            if (!m_buffer.isEmpty())
                readyRead();
            break;
        case Fault::Then::Hang:
            break;
        case Fault::Then::Close:
            m_socket->disconnectFromHost();
            break;
        case Fault::Then::Reset:
            resetSocket(m_socket->socketDescriptor());
            m_socket->abort();
            break;
        }
    }

public:
    static void resetSocket(qintptr descriptor) {
        const linger now{1, 0}; // a close with this sends a reset
        ::setsockopt(static_cast<int>(descriptor), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }

private:
    FaultyServer& m_server;
    int m_number;
    QSslSocket* m_socket;
    QByteArray m_buffer;
    Fault m_fault;
    bool m_playing = false;
    Timer m_timer;
};

FaultyServer::FaultyServer(quint16 port) : m_port(port) {
    start();
}

FaultyServer::~FaultyServer() {
    stop();
}

bool FaultyServer::start() {
    const bool listening = listen(QHostAddress::LocalHost, m_port);
    m_port = serverPort();
    return listening;
}

void FaultyServer::stop() {
    const quint16 port = m_port;
    close();
    m_port = port;
    m_open.clear();
}

void FaultyServer::play(std::vector<Fault> faults) {
    setScript([faults = std::move(faults), next = std::size_t{0}](const FaultyRequest&) mutable {
        return faults.at(std::min(next++, faults.size() - 1));
    });
}

void FaultyServer::setScript(Script script) {
    m_script = std::move(script);
}

void FaultyServer::setTls(const QSslCertificate& certificate, const QSslKey& key) {
    m_tls = {certificate, key};
}

QUrl FaultyServer::url(const QString& path) const {
    QUrl url;
    url.setScheme(m_tls ? QStringLiteral("https") : QStringLiteral("http"));
    url.setHost(QStringLiteral("127.0.0.1"));
    url.setPort(m_port);
    return url.resolved(QUrl(path));
}

void FaultyServer::incomingConnection(qintptr descriptor) {
    const int number = ++m_connections;
    auto* socket = new QSslSocket(this);
    socket->setSocketDescriptor(descriptor);
    if (m_resetConnections) {
        Connection::resetSocket(descriptor);
        socket->abort();
        socket->deleteLater();
        return;
    }
    const auto connection = std::make_shared<Connection>(*this, number, socket);
    m_open.insert(number, connection);
    // The connection may end, and its object die, inside what these call: they keep it alive.
    const std::weak_ptr<Connection> weak = connection;
    connect(socket, &QSslSocket::readyRead, this, [weak] {
        if (const auto alive = weak.lock())
            alive->readyRead();
    });
    const auto pump = [weak] {
        if (const auto alive = weak.lock())
            alive->pump();
    };
    connect(socket, &QSslSocket::bytesWritten, this, pump);
    connect(socket, &QSslSocket::encryptedBytesWritten, this, pump);
    connect(socket, &QSslSocket::disconnected, this, [this, number] { m_open.remove(number); });
    if (m_tls) {
        socket->setLocalCertificate(m_tls->first);
        socket->setPrivateKey(m_tls->second);
        socket->startServerEncryption();
    }
}

} // namespace vigie
