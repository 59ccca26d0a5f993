#include "tests/support/faultyserver.h"

#include <algorithm>
#include <zlib.h>

namespace vigie::faults {

namespace {

QByteArray head(int status, const Headers& headers) {
    QByteArray bytes = "HTTP/1.1 " + QByteArray::number(status) + " Status\r\n";
    for (const auto& [name, value] : headers)
        bytes += name + ": " + value + "\r\n";
    return bytes + "\r\n";
}

QByteArray gzipOfBlanks(qint64 size) {
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY); // +16: gzip framing
    QByteArray block(1 << 20, ' ');
    QByteArray out;
    QByteArray buffer(1 << 16, Qt::Uninitialized);
    for (qint64 left = size; left >= 0; left -= block.size()) {
        const bool last = left <= block.size();
        stream.next_in = reinterpret_cast<Bytef*>(block.data());
        stream.avail_in = static_cast<uInt>(std::min<qint64>(left, block.size()));
        do {
            stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
            stream.avail_out = static_cast<uInt>(buffer.size());
            deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH);
            out.append(buffer.constData(), buffer.size() - static_cast<int>(stream.avail_out));
        } while (stream.avail_out == 0);
        if (last)
            break;
    }
    deflateEnd(&stream);
    return out;
}

} // namespace

Fault answer(int status, const QByteArray& body, const Headers& headers) {
    Headers all = headers;
    if (status != 204 && status != 304)
        all.append({"Content-Length", QByteArray::number(body.size())});
    return {head(status, all) + body, {}, {}, Fault::Then::KeepOpen};
}

Fault json(int status, const QByteArray& body) {
    return answer(status, body, {{"Content-Type", "application/json"}});
}

Fault closeWithoutAnswer() {
    return {{}, {}, {}, Fault::Then::Close};
}

Fault reset() {
    return {{}, {}, {}, Fault::Then::Reset};
}

Fault silence() {
    return {{}, {}, {}, Fault::Then::Hang};
}

Fault raw(const QByteArray& bytes) {
    return {bytes, {}, {}, Fault::Then::Close};
}

Fault drip(const Fault& whole, Duration perByte) {
    Fault slow = whole;
    slow.perByte = perByte;
    return slow;
}

Fault truncated(const QByteArray& body, qint64 announced) {
    return raw(head(200, {{"Content-Length", QByteArray::number(announced)}}) + body);
}

Fault hugeContentLength(qint64 announced) {
    return {
        head(200, {{"Content-Length", QByteArray::number(announced)}}), {}, {}, Fault::Then::Hang};
}

Fault endlessBody(bool chunked) {
    const QByteArray block(16 * 1024, 'x');
    if (!chunked)
        return {head(200, {{"Connection", "close"}}), {}, block, Fault::Then::Hang};
    return {head(200, {{"Transfer-Encoding", "chunked"}}),
            {},
            QByteArray::number(block.size(), 16) + "\r\n" + block + "\r\n",
            Fault::Then::Hang};
}

Fault chunked(const QList<QByteArray>& chunks) {
    QByteArray bytes = head(200, {{"Transfer-Encoding", "chunked"}});
    for (const QByteArray& chunk : chunks)
        bytes += QByteArray::number(chunk.size(), 16) + "\r\n" + chunk + "\r\n";
    return {bytes + "0\r\n\r\n", {}, {}, Fault::Then::KeepOpen};
}

Fault redirect(const QByteArray& location, int status) {
    return answer(status, {}, {{"Location", location}});
}

Fault gzipBomb(qint64 size) {
    return answer(200, gzipOfBlanks(size), {{"Content-Encoding", "gzip"}});
}

Fault retryAfter(int status, const QByteArray& value) {
    return answer(status, "slow down", {{"Retry-After", value}});
}

Fault garbage() {
    return raw(QByteArray("\x16\x03\x01\x00\xff\x00 not http at all \xde\xad\xbe\xef\r\n\r\n", 32));
}

} // namespace vigie::faults
