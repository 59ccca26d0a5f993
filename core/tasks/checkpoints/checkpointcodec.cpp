#include "core/tasks/checkpoints/checkpointcodec.h"

#include "core/tasks/durable/durablefile.h"

#include <QtEndian>

#include <optional>

namespace vigie {

namespace {

constexpr char checkpointMagic[] = "VIGIECK1";
constexpr qsizetype magicLength = 8;
constexpr qsizetype sumLength = 4;

template <typename T>
void put(QByteArray& out, T number) {
    char bytes[sizeof(T)];
    qToLittleEndian(number, bytes);
    out.append(bytes, sizeof(T));
}

/// Takes values off the front; nothing once too few bytes are left.
class Cursor {
public:
    explicit Cursor(QByteArrayView bytes) : m_rest(bytes) {}

    template <typename T>
    std::optional<T> number() {
        const auto bytes = take(sizeof(T));
        return bytes ? std::optional(qFromLittleEndian<T>(bytes->data())) : std::nullopt;
    }
    std::optional<QByteArrayView> take(quint64 length) {
        if (length > static_cast<quint64>(m_rest.size()))
            return {};
        const QByteArrayView front = m_rest.first(static_cast<qsizetype>(length));
        m_rest = m_rest.sliced(static_cast<qsizetype>(length));
        return front;
    }
    bool atEnd() const { return m_rest.isEmpty(); }

private:
    QByteArrayView m_rest;
};

tl::unexpected<Failure> refuse(const char* why) {
    return fail(FailureKind::Malformed,
                QStringLiteral("the checkpoint %1").arg(QString::fromUtf8(why)));
}

} // namespace

QByteArray encodeCheckpoint(const Checkpoint& checkpoint) {
    const QByteArray owner = checkpoint.owner.toUtf8();
    QByteArray out;
    out.reserve(magicLength + sumLength + 28 + owner.size() + checkpoint.state.size());
    out.append(checkpointMagic, magicLength);
    put<quint32>(out, 0);
    put<quint64>(out, checkpoint.sequence);
    put<qint64>(out, checkpoint.savedAt.time_since_epoch().count());
    put<quint32>(out, static_cast<quint32>(owner.size()));
    out += owner;
    put<quint64>(out, static_cast<quint64>(checkpoint.state.size()));
    out += checkpoint.state;
    const quint32 sum = checksum(QByteArrayView(out).sliced(magicLength + sumLength));
    qToLittleEndian(sum, out.data() + magicLength);
    return out;
}

Outcome<Checkpoint> decodeCheckpoint(QByteArrayView bytes) {
    Cursor cursor(bytes);
    const auto magic = cursor.take(magicLength);
    if (!magic)
        return refuse("is cut short");
    if (magic->first(magicLength - 1) != QByteArrayView(checkpointMagic, magicLength - 1))
        return refuse("does not begin with its mark");
    if (*magic != QByteArrayView(checkpointMagic, magicLength))
        return fail(FailureKind::Unsupported,
                    QStringLiteral("the checkpoint is of version %1; this program reads version 1")
                        .arg(QLatin1Char(magic->back())));
    const auto sum = cursor.number<quint32>();
    if (!sum)
        return refuse("is cut short");
    if (*sum != checksum(bytes.sliced(magicLength + sumLength)))
        return refuse("does not fit its checksum: it is cut or damaged");

    // From here on only a text that was made to fit its checksum can be wrong.
    const auto sequence = cursor.number<quint64>();
    const auto savedAt = cursor.number<qint64>();
    const auto ownerLength = cursor.number<quint32>();
    const auto owner = ownerLength ? cursor.take(*ownerLength) : std::nullopt;
    const auto stateLength = owner ? cursor.number<quint64>() : std::nullopt;
    const auto state = stateLength ? cursor.take(*stateLength) : std::nullopt;
    if (!sequence || !savedAt || !state || !cursor.atEnd())
        return refuse("has lengths that do not add up");
    return Checkpoint{QString::fromUtf8(*owner), *sequence,
                      WallTime(std::chrono::milliseconds(*savedAt)), state->toByteArray()};
}

} // namespace vigie
