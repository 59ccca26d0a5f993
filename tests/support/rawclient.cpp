#include "tests/support/rawclient.h"

#include <QHostAddress>
#include <QTest>

namespace vigie {

namespace {
constexpr int patience = 10000; // ms; only a failing test waits that long
}

QByteArray RawResponse::header(const QByteArray& name) const {
    for (const QByteArray& line : head.split('\n'))
        if (line.left(name.size() + 1).compare(name + ':', Qt::CaseInsensitive) == 0)
            return line.mid(name.size() + 1).trimmed();
    return {};
}

int RawResponse::count(const QByteArray& name) const {
    int count = 0;
    for (const QByteArray& line : head.split('\n'))
        count += line.left(name.size() + 1).compare(name + ':', Qt::CaseInsensitive) == 0 ? 1 : 0;
    return count;
}

RawClient::RawClient(quint16 port) {
    m_socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    m_socket.waitForConnected(patience);
}

RawClient::~RawClient() {
    m_socket.abort();
}

bool RawClient::isConnected() const {
    return m_socket.state() == QAbstractSocket::ConnectedState;
}

void RawClient::send(const QByteArray& bytes) {
    m_socket.write(bytes);
    m_socket.flush();
}

std::optional<RawResponse> RawClient::response(bool toHead) {
    RawResponse response;
    const auto complete = [&] {
        collect();
        const qsizetype end = m_input.indexOf("\r\n\r\n");
        if (end < 0)
            return false;
        response.head = m_input.left(end + 4);
        const qsizetype length = toHead ? 0 : response.header("Content-Length").toLongLong();
        if (m_input.size() < response.head.size() + length)
            return false;
        response.body = m_input.mid(response.head.size(), length);
        return true;
    };
    if (!QTest::qWaitFor(complete, patience))
        return std::nullopt;
    m_input.remove(0, response.head.size() + response.body.size());
    response.status = response.head.mid(9, 3).toInt();
    return response;
}

bool RawClient::waitClosed(int milliseconds) {
    return QTest::qWaitFor(
        [this] {
            collect();
            return m_socket.state() == QAbstractSocket::UnconnectedState;
        },
        milliseconds);
}

QByteArray RawClient::unread() {
    collect();
    return m_input;
}

void RawClient::collect() {
    m_input += m_socket.readAll();
}

} // namespace vigie
