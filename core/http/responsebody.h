#pragma once

#include <QByteArray>

#include <utility>
#include <vector>

namespace vigie {

/// What an answer says, in pieces that follow one another: a large one made of parts that others
/// hold too is never copied together.
class ResponseBody {
public:
    ResponseBody() = default;
    explicit ResponseBody(QByteArray whole) { append(std::move(whole)); }

    void reserve(std::size_t pieces) { m_pieces.reserve(pieces); }
    void append(QByteArray piece) {
        m_size += piece.size();
        m_pieces.push_back(std::move(piece));
    }

    qsizetype size() const { return m_size; }
    const std::vector<QByteArray>& pieces() const { return m_pieces; }
    /// All of it as one text; a copy when it has several pieces.
    QByteArray joined() const {
        if (m_pieces.size() == 1)
            return m_pieces.front();
        QByteArray whole;
        whole.reserve(m_size);
        for (const QByteArray& piece : m_pieces)
            whole += piece;
        return whole;
    }

private:
    std::vector<QByteArray> m_pieces;
    qsizetype m_size = 0;
};

} // namespace vigie
