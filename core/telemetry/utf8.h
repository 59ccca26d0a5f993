#pragma once

#include <string>
#include <string_view>

namespace vigie {

/// True when the bytes are well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool isValidUtf8(std::string_view bytes);

/// The bytes with each ill-formed one replaced by U+FFFD.
std::string toValidUtf8(std::string_view bytes);

} // namespace vigie
