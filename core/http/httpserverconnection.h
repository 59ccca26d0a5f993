#pragma once

#include "core/base/systemclock.h"
#include "core/http/bodycompressor.h"
#include "core/http/httpserverio.h"
#include "core/http/mailbox.h"
#include "core/http/requesthead.h"
#include "core/http/serverstream.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <atomic>
#include <optional>
#include <unordered_map>
#include <utility> // Boost.Asio 1.74 forgets it, and GCC 12 minds
#include <vector>

// Of the server's files only httpserverio.cpp, httpserverconnection.cpp and httpserveranswer.cpp
// include this one: Beast costs twenty seconds a file.

namespace vigie {

class ServerConnection;

/// What the connections of one server share; on the I/O thread only, but for the atomic.
struct ServerShared {
    ServerShared(const HttpServerOptions& o, HttpServerIo::Deliver d);

    boost::asio::io_context context{1};
    const HttpServerOptions options;
    QByteArrayList allowedHosts;
    SystemClock clock;
    std::unordered_map<const ServerConnection*, std::shared_ptr<ServerConnection>> connections;
    std::atomic<int> count{0};   ///< connections being served
    int refusing = 0;            ///< connections being told that there are too many
    int streams = 0;             ///< answers that go on as long as their connection
    qint64 pendingBodyBytes = 0; ///< held by requests that are not answered yet

    Mailbox answers;
    BodyCompressor compressor; ///< after `context`, which its thread posts to

    /// Hands it over, at once unless nobody waits for its answer.
    void take(HttpServerIo::Incoming incoming);
    void remove(const ServerConnection* connection);
    /// For the Date header; made anew once a second.
    const QByteArray& date();

private:
    void handOver();

    const HttpServerIo::Deliver m_deliver;
    std::vector<HttpServerIo::Incoming> m_gathered;
    boost::asio::steady_timer m_gathering{context}; ///< armed while anything is gathered
    QByteArray m_date;
    std::chrono::sys_seconds m_dateSecond{};
};

/// One client connection: reads a request, has it answered, writes the answer, and again. Every
/// state has a deadline but `Handling`, which watches for the client to leave instead.
class ServerConnection final : public std::enable_shared_from_this<ServerConnection> {
public:
    ServerConnection(std::shared_ptr<ServerShared> shared, boost::asio::ip::tcp::socket socket,
                     quint16 listenerPort, std::shared_ptr<ServerTls> tls);
    ~ServerConnection();
    ServerConnection(const ServerConnection&) = delete;
    ServerConnection& operator=(const ServerConnection&) = delete;

    void serve();
    /// Answers 503 without reading anything, and closes.
    void refuseOverLimit();
    /// Ends after the answer in hand, or at once when there is none.
    void drain();
    void close();
    /// Called a few times a second.
    void checkDeadline(MonotonicTime now);
    quint16 listenerPort() const { return m_listenerPort; }
    bool isServed() const { return m_served; }

private:
    using Error = boost::system::error_code;
    using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
    enum class Phase {
        Handshake,
        Idle,
        Header,
        Body,
        Handling,
        Writing,
        Streaming, ///< between two pieces of a stream
        Lingering,
        Closed
    };

    void begin(bool refused);
    void onHandshake(Error error, bool refused);
    void enter(Phase phase, Duration limit);
    bool watchesPeer() const { return m_phase == Phase::Handling || m_phase == Phase::Streaming; }
    void readNext();
    void readHeader();
    void onHeader(Error error, size_t read);
    void sendContinue();
    void readBody();
    void onBody(Error error);
    void holdBodyBytes(qint64 bytes);
    void onReadError(Error error);
    void dispatch();
    void watchPeer();
    void onPeerReadable(quint64 serial);
    void answer(quint64 serial, ServerResponse response);
    void compress(ServerResponse response);
    void finish(quint64 serial, ServerResponse response);
    void refuse(const Refusal& refusal);
    void write(ServerResponse response);
    const QByteArray* pieceAt(size_t place) const;
    void writeSome();
    void onWritten(Error error, size_t bytes);
    void beginStream();
    void onStreamReady();
    void sendStream();
    void endStream();
    void linger();
    void discardSome();

    const std::shared_ptr<ServerShared> m_shared;
    ServerStream m_stream;
    const quint16 m_listenerPort;
    HostRules m_hosts;
    QByteArray m_peerAddress;

    boost::beast::flat_buffer m_buffer;
    std::optional<Parser> m_parser;
    std::shared_ptr<WireRequest> m_request;
    std::array<char, 1024> m_discarded{};

    Phase m_phase = Phase::Idle;
    MonotonicTime m_deadline = MonotonicTime::max();
    quint64 m_serial = 0; ///< of the request in hand; late answers to older ones are ignored
    qint64 m_heldBodyBytes = 0;
    bool m_served = false; ///< counts against the limit of connections
    bool m_keepAlive = false;
    bool m_http10 = false;
    bool m_toHead = false;
    bool m_takesGzip = false;
    bool m_draining = false;
    bool m_attached = false; ///< to the stream
    bool m_watching = false;
    bool m_peerFinished = false; ///< the client will send nothing more

    QByteArray m_outHead;
    std::shared_ptr<const ResponseBody> m_outBody;
    size_t m_outPiece = 0;  ///< in hand: 0 is the head, then come the body's
    size_t m_outOffset = 0; ///< of it that was written
    std::vector<boost::asio::const_buffer> m_outBuffers; ///< of the write in hand
    std::vector<char> m_outRecord;                       ///< the same as one, for TLS
    std::shared_ptr<ResponseStream> m_live;              ///< the answer's, while it goes on
};

} // namespace vigie
