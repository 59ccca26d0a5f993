#include "core/http/httpserverconnection.h"
#include "core/http/responsehead.h"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>

// The half of a connection that answers; the other one reads.

namespace vigie {

namespace net = boost::asio;

namespace {

/// How long a closing connection waits for the client to take the last answer.
constexpr Duration lingerTime = std::chrono::seconds(2);

constexpr Refusal tooManyStreams{503, "too_many_streams",
                                 "the server has as many streams as it takes; try again later"};

} // namespace

void ServerConnection::answer(quint64 serial, ServerResponse response) {
    if (m_phase != Phase::Handling || serial != m_serial)
        return;
    if (response.status < 200 || response.status > 599)
        response = ServerResponse::json(
            500, Refusal{500, "internal", "the server gave an impossible status"}.body());
    if (m_takesGzip && !m_toHead && shouldCompress(response, m_shared->options.compressFromBytes))
        compress(std::move(response));
    else
        finish(serial, std::move(response));
}

void ServerConnection::compress(ServerResponse response) {
    auto body = response.body;
    m_shared->compressor.compress(
        std::move(body), [shared = m_shared.get(), weak = weak_from_this(), serial = m_serial,
                          response = std::move(response)](BodyCompressor::Body small) {
            net::post(shared->context, [weak, serial, response, small] {
                const auto self = weak.lock();
                if (!self)
                    return;
                ServerResponse encoded = response;
                encoded.headers.emplaceBack("Vary", "Accept-Encoding");
                if (small) {
                    encoded.body = small;
                    encoded.headers.emplaceBack("Content-Encoding", "gzip");
                }
                self->finish(serial, std::move(encoded));
            });
        });
}

void ServerConnection::finish(quint64 serial, ServerResponse response) {
    if (m_phase != Phase::Handling || serial != m_serial)
        return;
    if (std::exchange(m_watching, false)) {
        Error ignored;
        m_stream.socket().cancel(ignored);
    }
    write(std::move(response));
}

void ServerConnection::refuse(const Refusal& refusal) {
    m_keepAlive = false;
    m_request.reset();
    ServerResponse response = ServerResponse::json(refusal.status, refusal.body());
    if (refusal.status == 503)
        response.headers.emplaceBack("Retry-After", "1");
    write(std::move(response));
}

void ServerConnection::write(ServerResponse response) {
    holdBodyBytes(0);
    if (response.stream && m_shared->streams >= m_shared->options.maxStreams) {
        response.stream->clientLeft();
        response = ServerResponse::json(tooManyStreams.status, tooManyStreams.body());
        response.headers.emplaceBack("Retry-After", "10");
    }
    if (response.stream) {
        m_keepAlive = false; // the end of the connection is the end of the body
        if (m_toHead)
            response.stream->clientLeft();
        else
            m_live = response.stream;
        m_shared->streams += m_live ? 1 : 0;
    }
    for (const auto& [name, value] : response.headers)
        if (name.compare("Connection", Qt::CaseInsensitive) == 0 &&
            value.compare("close", Qt::CaseInsensitive) == 0)
            m_keepAlive = false;
    const ResponseFraming framing{m_keepAlive && !m_draining, m_http10, m_toHead, m_shared->date(),
                                  m_shared->options.serverName};
    m_keepAlive = framing.keepAlive;
    m_outHead = responseHead(response, framing);
    m_outBody = responseHasBody(response.status, m_toHead) ? std::move(response.body) : nullptr;
    m_outSent = 0;
    writeSome();
}

void ServerConnection::writeSome() {
    enter(Phase::Writing, m_shared->options.writeTimeout);
    const auto headSize = size_t(m_outHead.size());
    const auto bodySize = m_outBody ? size_t(m_outBody->size()) : 0;
    const size_t headSent = std::min(m_outSent, headSize);
    const size_t bodySent = m_outSent - headSent;
    const std::array<net::const_buffer, 2> rest = {
        net::buffer(m_outHead.constData() + headSent, headSize - headSent),
        net::buffer(m_outBody ? m_outBody->constData() + bodySent : nullptr, bodySize - bodySent)};
    m_stream.async_write_some(rest, [self = shared_from_this()](Error error, size_t n) {
        if (self->m_phase == Phase::Writing)
            self->onWritten(error, n);
    });
}

void ServerConnection::onWritten(Error error, size_t n) {
    if (error)
        return close();
    m_outSent += n;
    if (m_outSent < size_t(m_outHead.size()) + (m_outBody ? size_t(m_outBody->size()) : 0))
        return writeSome();
    m_outBody.reset();
    if (m_live)
        return beginStream();
    if (m_keepAlive)
        readNext();
    else
        linger();
}

void ServerConnection::beginStream() {
    m_outHead.clear();
    // From any thread: as in dispatch(), the connection is only touched back here.
    if (!std::exchange(m_attached, true))
        m_live->attach([weakShared = std::weak_ptr(m_shared), weak = weak_from_this()] {
            if (const auto shared = weakShared.lock())
                net::post(shared->context, [weak] {
                    if (const auto self = weak.lock())
                        self->onStreamReady();
                });
        });
    sendStream();
}

void ServerConnection::onStreamReady() {
    if (m_live && m_live->isDropped()) {
        Error ignored; // what the kernel still holds for it shall go too
        m_stream.socket().set_option(net::socket_base::linger(true, 0), ignored);
        return close();
    }
    if (m_phase == Phase::Streaming)
        sendStream();
}

void ServerConnection::sendStream() {
    ResponseStream::Taken taken = m_live->take();
    if (!taken.bytes.isEmpty()) {
        m_outBody = std::make_shared<const QByteArray>(std::move(taken.bytes));
        m_outSent = 0;
        return writeSome();
    }
    if (taken.ended || m_draining) {
        endStream();
        return linger();
    }
    enter(Phase::Streaming, Duration::max());
    if (!m_watching)
        watchPeer();
}

void ServerConnection::endStream() {
    if (!m_live)
        return;
    m_live->clientLeft();
    m_live.reset();
    --m_shared->streams;
}

/// Closing a socket that has unread input resets the connection, and the client could lose the
/// answer: so stop sending, let the client finish, then close.
void ServerConnection::linger() {
    m_stream.endSending();
    enter(Phase::Lingering, lingerTime);
    discardSome();
}

void ServerConnection::discardSome() {
    m_stream.socket().async_read_some(net::buffer(m_discarded),
                                      [self = shared_from_this()](Error error, size_t) {
                                          if (self->m_phase != Phase::Lingering)
                                              return;
                                          if (error)
                                              return self->close();
                                          self->discardSome();
                                      });
}

} // namespace vigie
