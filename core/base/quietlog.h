#pragma once

namespace vigie {

/// While one lives, what its thread logs goes nowhere: for worlds that are made up.
class QuietLog {
public:
    QuietLog();
    ~QuietLog();
    QuietLog(const QuietLog&) = delete;
    QuietLog& operator=(const QuietLog&) = delete;
};

} // namespace vigie
