#include "core/base/ids.h"

#include <QUuid>

#include <cstdint>
#include <cstring>

namespace vigie {

namespace {

__extension__ using Wide = unsigned __int128;

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) noexcept {
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t read(const char* at, std::size_t bytes) noexcept {
    std::uint64_t word = 0;
    if (bytes > 0) // an empty text may be at no place at all
        std::memcpy(&word, at, bytes);
    return word;
}

// Odd numbers without a pattern: digits of pi and e.
constexpr std::uint64_t first = 0x243f6a8885a308d3, second = 0xb7e151628aed2a6b;

} // namespace

size_t hashOfId(QStringView id, size_t seed) noexcept {
    const auto* at = reinterpret_cast<const char*>(id.utf16());
    std::size_t left = static_cast<std::size_t>(id.size()) * sizeof(char16_t);
    std::uint64_t hash = mixed(seed ^ first, left ^ second);
    for (; left > 16; at += 16, left -= 16)
        hash = mixed(read(at, 8) ^ first, read(at + 8, 8) ^ hash);
    const std::size_t low = left < 8 ? left : 8;
    hash = mixed(read(at, low) ^ first, read(at + low, left - low) ^ hash);
    return static_cast<size_t>(mixed(hash ^ second, first));
}

QString newUuid() {
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

QString canonicalUuid(const QString& text) {
    // fromString() also takes braces, and ignores what follows.
    const QUuid uuid = QUuid::fromString(text);
    return uuid.isNull() || text.size() != 36 ? QString() : uuid.toString(QUuid::WithoutBraces);
}

} // namespace vigie
