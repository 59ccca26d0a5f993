#include "core/http/httpserverconnection.h"
#include "core/http/responsehead.h"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <span>

// The half of a connection that answers; the other one reads.

namespace vigie {

namespace net = boost::asio;

namespace {

/// What one write of the kernel's takes at most.
constexpr size_t mostBuffers = 64;
constexpr size_t tlsRecordBytes = 16 * 1024;
/// How long a closing connection waits for the client to take the last answer.
constexpr Duration lingerTime = std::chrono::seconds(2);

constexpr Refusal tooManyStreams{503, "too_many_streams",
                                 "the server has as many streams as it takes; try again later"};

/// Other bytes than the plain form's, so a strong validator of that becomes a weak one (RFC 9110,
/// 8.8.3).
void encode(ServerResponse& response, std::shared_ptr<const ResponseBody> small) {
    response.body = std::move(small);
    response.headers.emplaceBack("Content-Encoding", "gzip");
    for (auto& [name, value] : response.headers) {
        if (name.compare("ETag", Qt::CaseInsensitive) == 0 && !value.startsWith("W/"))
            value.prepend("W/");
    }
}

} // namespace

void ServerConnection::answer(quint64 serial, ServerResponse response) {
    if (m_phase != Phase::Handling || serial != m_serial)
        return;
    if (response.status < 200 || response.status > 599)
        response = ServerResponse::json(
            500, Refusal{500, "internal", "the server gave an impossible status"}.body());
    const bool compressible = shouldCompress(response, m_shared->options.compressFromBytes);
    if (compressible) // also for who takes it plain: caches keep both apart
        response.headers.emplaceBack("Vary", "Accept-Encoding");
    if (m_takesGzip && !m_toHead && compressible)
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
                if (small)
                    encode(encoded, small);
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
    m_outPiece = m_outOffset = 0;
    writeSome();
}

/// Null after the last.
const QByteArray* ServerConnection::pieceAt(size_t place) const {
    if (place == 0)
        return &m_outHead;
    const bool there = m_outBody && place <= m_outBody->pieces().size();
    return there ? &m_outBody->pieces()[place - 1] : nullptr;
}

void ServerConnection::writeSome() {
    enter(Phase::Writing, m_shared->options.writeTimeout);
    m_outBuffers.clear();
    size_t written = m_outOffset;
    for (size_t place = m_outPiece; m_outBuffers.size() < mostBuffers; ++place) {
        const QByteArray* piece = pieceAt(place);
        if (!piece)
            break;
        m_outBuffers.emplace_back(piece->constData() + written, size_t(piece->size()) - written);
        written = 0;
    }
    if (m_stream.isSecure()) { // it would make a record of each piece
        m_outRecord.resize(tlsRecordBytes);
        const size_t size = net::buffer_copy(net::buffer(m_outRecord), m_outBuffers);
        m_outBuffers.assign(1, net::const_buffer(m_outRecord.data(), size));
    }
    m_stream.async_write_some(std::span<const net::const_buffer>(m_outBuffers),
                              [self = shared_from_this()](Error error, size_t n) {
                                  if (self->m_phase == Phase::Writing)
                                      self->onWritten(error, n);
                              });
}

void ServerConnection::onWritten(Error error, size_t n) {
    if (error)
        return close();
    m_outOffset += n;
    const QByteArray* piece = pieceAt(m_outPiece);
    while (piece && m_outOffset >= size_t(piece->size())) {
        m_outOffset -= size_t(piece->size());
        piece = pieceAt(++m_outPiece);
    }
    if (piece)
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
        m_outBody = std::make_shared<const ResponseBody>(std::move(taken.bytes));
        m_outPiece = m_outOffset = 0;
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
