#include "core/http/gzip.h"

#include <QByteArrayList>

#include <limits>
#include <zlib.h>

namespace vigie {

bool acceptsGzip(const QByteArray& acceptEncoding) {
    bool any = false;
    for (const QByteArray& element : acceptEncoding.toLower().split(',')) {
        const QByteArrayList parts = element.split(';');
        const QByteArray coding = parts.first().trimmed();
        if (coding != "gzip" && coding != "x-gzip" && coding != "*")
            continue;
        bool wanted = true;
        for (const QByteArray& parameter : parts.mid(1)) {
            const QByteArray text = parameter.trimmed();
            if (text.startsWith("q="))
                wanted = text.mid(2).trimmed().toDouble() > 0;
        }
        if (coding != "*")
            return wanted;
        any = wanted;
    }
    return any;
}

bool isCompressible(const QByteArray& contentType) {
    const QByteArray type = contentType.split(';').first().trimmed().toLower();
    return type.startsWith("text/") || type.endsWith("json") || type.endsWith("xml") ||
           type.endsWith("javascript");
}

QByteArray gzipped(const ResponseBody& body) {
    constexpr int gzipWindow = MAX_WBITS + 16; // zlib's way of asking for gzip's header
    constexpr int memoryLevel = 8;
    z_stream stream{};
    if (size_t(body.size()) > std::numeric_limits<uInt>::max() ||
        deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzipWindow, memoryLevel,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    QByteArray out(body.size(), Qt::Uninitialized);
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = uInt(out.size());
    for (const QByteArray& piece : body.pieces()) {
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.constData()));
        stream.avail_in = uInt(piece.size());
        deflate(&stream, Z_NO_FLUSH);
        if (stream.avail_in > 0)
            break; // no room is left: it does not fit
    }
    const bool fits = stream.avail_in == 0 && deflate(&stream, Z_FINISH) == Z_STREAM_END;
    out.resize(fits ? qsizetype(stream.total_out) : 0);
    deflateEnd(&stream);
    return out;
}

} // namespace vigie
