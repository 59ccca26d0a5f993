#include "core/http/httpserverconnection.h"

#include "core/http/gzip.h"

#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string_view>

namespace vigie {

namespace net = boost::asio;
namespace http = boost::beast::http;
using net::ip::tcp;

namespace {

constexpr size_t readSize = 8 * 1024;
/// Of pipelined requests, while one is handled.
constexpr size_t maxReadAhead = 64 * 1024;
/// Bounds what the kernel holds for clients that don't read.
constexpr int sendBufferBytes = 256 * 1024;

constexpr Refusal overLimit{503, "too_many_connections",
                            "the server has as many connections as it takes; try again later"};

QByteArray bytes(boost::beast::string_view text) {
    return QByteArray(text.data(), qsizetype(text.size()));
}

/// An IPv4 address that came through an IPv6 listener is shown as IPv4.
QByteArray addressText(const net::ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return QByteArray::fromStdString(
            net::ip::make_address_v4(net::ip::v4_mapped, address.to_v6()).to_string());
    return QByteArray::fromStdString(address.to_string());
}

constexpr Refusal headerTooLarge{431, "header_too_large",
                                 "the header is larger than this server takes"};

} // namespace

ServerConnection::ServerConnection(std::shared_ptr<ServerShared> shared, tcp::socket socket,
                                   quint16 listenerPort, std::shared_ptr<ServerTls> tls)
    : m_shared(std::move(shared)), m_stream(std::move(socket), std::move(tls)),
      m_listenerPort(listenerPort),
      m_buffer(size_t(m_shared->options.maxHeaderBytes) + maxReadAhead + readSize) {
    Error ignored;
    tcp::socket& connected = m_stream.socket();
    connected.non_blocking(true, ignored);
    connected.set_option(tcp::no_delay(true), ignored);
    connected.set_option(net::socket_base::send_buffer_size(sendBufferBytes), ignored);
    m_peerAddress = addressText(connected.remote_endpoint(ignored).address());
    m_hosts.allowed = m_shared->allowedHosts;
    m_hosts.boundAddress = addressText(connected.local_endpoint(ignored).address());
}

ServerConnection::~ServerConnection() = default;

void ServerConnection::serve() {
    m_served = true;
    begin(false);
}

void ServerConnection::refuseOverLimit() {
    begin(true);
}

void ServerConnection::begin(bool refused) {
    if (!m_stream.isSecure())
        return refused ? refuse(overLimit) : readNext();
    enter(Phase::Handshake, m_shared->options.headerTimeout);
    m_stream.async_handshake([self = shared_from_this(), refused](Error error) {
        if (self->m_phase == Phase::Handshake)
            self->onHandshake(error, refused);
    });
}

void ServerConnection::onHandshake(Error error, bool refused) {
    if (!error)
        return refused ? refuse(overLimit) : readNext();
    // Somebody forgot the s of https, and is told so in the words he speaks.
    if (ERR_GET_REASON(static_cast<unsigned long>(error.value())) == SSL_R_HTTP_REQUEST) {
        static constexpr std::string_view text =
            "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
            "This port speaks HTTPS only.\n";
        Error ignored;
        m_stream.socket().write_some(net::buffer(text), ignored);
    }
    close();
}

void ServerConnection::drain() {
    m_draining = true;
    if (m_phase == Phase::Idle || m_phase == Phase::Streaming)
        close();
}

void ServerConnection::close() {
    if (m_phase == Phase::Closed)
        return;
    const auto self = shared_from_this(); // the registry may hold the last reference
    m_phase = Phase::Closed;
    holdBodyBytes(0);
    endStream();
    Error ignored;
    m_stream.socket().close(ignored);
    m_outBody.reset();
    m_request.reset();
    m_shared->remove(this);
}

void ServerConnection::enter(Phase phase, Duration limit) {
    m_phase = phase;
    m_deadline = limit == Duration::max() ? MonotonicTime::max() : m_shared->clock.now() + limit;
}

void ServerConnection::checkDeadline(MonotonicTime now) {
    if (watchesPeer() && !m_watching && !m_peerFinished)
        watchPeer();
    if (now < m_deadline)
        return;
    Error ignored;
    if (m_phase == Phase::Header || m_phase == Phase::Body) {
        m_stream.socket().cancel(ignored);
        refuse({408, "request_timeout", "the request did not arrive whole within the time limit"});
        return;
    }
    if (m_phase == Phase::Writing) // what the kernel still holds for it shall go too
        m_stream.socket().set_option(net::socket_base::linger(true, 0), ignored);
    close();
}

void ServerConnection::readNext() {
    if (m_draining)
        return close();
    m_toHead = false;
    m_http10 = false;
    m_parser.emplace();
    m_parser->eager(true);
    m_parser->header_limit(std::uint32_t(m_shared->options.maxHeaderBytes));
    m_parser->body_limit(std::uint64_t(m_shared->options.maxBodyBytes));
    if (m_buffer.size() > 0)
        return readHeader();
    if (m_peerFinished)
        return close();
    if (m_buffer.capacity() > 2 * readSize)
        m_buffer.shrink_to_fit(); // an idle connection shall cost little
    enter(Phase::Idle,
          m_serial == 0 ? m_shared->options.headerTimeout : m_shared->options.idleTimeout);
    m_stream.async_read_some(m_buffer.prepare(readSize),
                             [self = shared_from_this()](Error error, size_t n) {
                                 if (self->m_phase != Phase::Idle)
                                     return;
                                 if (error)
                                     return self->close();
                                 self->m_buffer.commit(n);
                                 self->readHeader();
                             });
}

void ServerConnection::readHeader() {
    enter(Phase::Header, m_shared->options.headerTimeout);
    http::async_read_header(m_stream, m_buffer, *m_parser,
                            [self = shared_from_this()](Error error, size_t read) {
                                if (self->m_phase == Phase::Header)
                                    self->onHeader(error, read);
                            });
}

void ServerConnection::onHeader(Error error, size_t read) {
    if (error)
        return onReadError(error);
    const auto& message = m_parser->get();
    RequestHead head;
    head.method = bytes(message.method_string());
    head.target = bytes(message.target());
    head.version = int(message.version());
    head.headers.reserve(8);
    for (const auto& field : message)
        head.headers.emplaceBack(bytes(field.name_string()), bytes(field.value()));
    m_http10 = head.version < 11;
    m_toHead = head.method == "HEAD";
    m_takesGzip = acceptsGzip(bytes(message[http::field::accept_encoding]));

    // The parser's limit is one for what it holds at once: many small fields pass it. Blanks around
    // values are counted where the body, of which some may have come along, has no frames.
    const qsizetype withBlanks =
        m_parser->chunked() ? 0 : qsizetype(read) - qsizetype(m_parser->get().body().size());
    if (std::max(wireBytes(head), withBlanks) > m_shared->options.maxHeaderBytes)
        return refuse(headerTooLarge);
    auto accepted = checkHead(head, m_hosts);
    if (!accepted)
        return refuse(accepted.error());
    m_keepAlive = m_parser->keep_alive();
    m_request = std::make_shared<WireRequest>();
    m_request->method = std::move(head.method);
    m_request->path = std::move(accepted->path);
    m_request->query = std::move(accepted->query);
    m_request->headers = std::move(head.headers);
    m_request->peerAddress = m_peerAddress;
    m_request->localPort = m_listenerPort;

    if (m_parser->is_done())
        return dispatch();
    enter(Phase::Body, m_shared->options.bodyTimeout);
    if (accepted->expectsContinue && m_buffer.size() == 0)
        return sendContinue();
    readBody();
}

void ServerConnection::sendContinue() {
    static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
    net::async_write(m_stream, net::buffer(text), [self = shared_from_this()](Error error, size_t) {
        if (self->m_phase != Phase::Body)
            return;
        if (error)
            return self->close();
        self->readBody();
    });
}

void ServerConnection::readBody() {
    const auto announced = m_parser->content_length();
    holdBodyBytes(announced ? qint64(*announced) : qint64(m_parser->get().body().size()));
    if (m_shared->pendingBodyBytes > m_shared->options.maxPendingBodyBytes)
        return refuse({503, "too_much_pending",
                       "the server holds as many request bodies as it takes; try again later"});
    http::async_read_some(m_stream, m_buffer, *m_parser,
                          [self = shared_from_this()](Error error, size_t) {
                              if (self->m_phase == Phase::Body)
                                  self->onBody(error);
                          });
}

void ServerConnection::onBody(Error error) {
    if (error)
        return onReadError(error);
    if (!m_parser->is_done())
        return readBody();
    const std::string& body = m_parser->get().body();
    m_request->body = QByteArray(body.data(), qsizetype(body.size()));
    dispatch();
}

void ServerConnection::holdBodyBytes(qint64 held) {
    m_shared->pendingBodyBytes += held - m_heldBodyBytes;
    m_heldBodyBytes = held;
}

void ServerConnection::onReadError(Error error) {
    static const auto& httpCategory = http::make_error_code(http::error::bad_method).category();
    if (error.category() != httpCategory || error == http::error::end_of_stream)
        return close(); // the connection broke, or ended between two requests
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return refuse(headerTooLarge);
    if (error == http::error::body_limit)
        return refuse({413, "body_too_large", "the body is larger than this server takes"});
    if (error == http::error::partial_message)
        return refuse({400, "bad_request", "the request ends before it is complete"});
    refuse({400, "bad_request", "this is not a well-formed HTTP/1.1 request"});
}

void ServerConnection::dispatch() {
    enter(Phase::Handling, Duration::max());
    m_parser.reset();
    const quint64 serial = ++m_serial;
    // The answer comes from another thread: only this weak pointer goes there, and it is locked
    // back here, so that the connection never dies elsewhere.
    auto take = [weakShared = std::weak_ptr(m_shared), weak = weak_from_this(),
                 serial](ServerResponse response) {
        if (const auto shared = weakShared.lock())
            shared->answers.put([weak, serial, response = std::move(response)]() mutable {
                if (const auto self = weak.lock())
                    self->answer(serial, std::move(response));
            });
    };
    m_shared->take({std::move(m_request), std::move(take)});
}

/// Notices a client that leaves while its request is handled; reads ahead only what it must.
void ServerConnection::watchPeer() {
    if (m_buffer.size() >= maxReadAhead)
        return;
    m_watching = true;
    m_stream.socket().async_wait(tcp::socket::wait_read,
                                 [self = shared_from_this(), serial = m_serial](Error error) {
                                     if (serial != self->m_serial)
                                         return;
                                     self->m_watching = false;
                                     if (!error && self->watchesPeer())
                                         self->onPeerReadable(serial);
                                 });
}

void ServerConnection::onPeerReadable(quint64 serial) {
    Error error;
    const size_t n = m_stream.read_some(m_buffer.prepare(readSize), error);
    if (error == net::error::would_block)
        return watchPeer();
    if (error == net::error::eof && m_phase == Phase::Handling) {
        // It may only have closed its sending half; it gets its answer if that comes soon.
        m_peerFinished = true;
        enter(Phase::Handling, m_shared->options.writeTimeout);
        return;
    }
    if (error)
        return close();
    m_buffer.commit(n);
    if (serial == m_serial)
        watchPeer();
}

} // namespace vigie
