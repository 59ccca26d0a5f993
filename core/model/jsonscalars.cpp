#include "core/model/jsonscalars.h"

#include "core/base/timeformat.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace vigie {

using namespace std::chrono;

namespace {

/// Digits [from, from + count) as a number, or -1.
int digits(std::string_view text, std::size_t from, std::size_t count) {
    int number = 0;
    for (std::size_t i = from; i < from + count; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

/// 2026-11-22T04:23:54Z with any fraction; nothing for another shape.
std::optional<WallTime> usualTime(std::string_view text) {
    if (text.size() < 20 || text.back() != 'Z' || text[4] != '-' || text[7] != '-' ||
        text[10] != 'T' || text[13] != ':' || text[16] != ':')
        return std::nullopt;
    const int y = digits(text, 0, 4);
    const int mo = digits(text, 5, 2);
    const int d = digits(text, 8, 2);
    const int h = digits(text, 11, 2);
    const int mi = digits(text, 14, 2);
    const int s = digits(text, 17, 2);
    if (y < 0 || mo < 0 || d < 0 || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 59)
        return std::nullopt;
    const year_month_day date(year(y), month(static_cast<unsigned>(mo)),
                              day(static_cast<unsigned>(d)));
    if (!date.ok())
        return std::nullopt;
    int ms = 0;
    const std::size_t end = text.size() - 1;
    if (end != 19) {
        if (text[19] != '.' || end < 21 || digits(text, 20, std::min<std::size_t>(end - 20, 9)) < 0)
            return std::nullopt;
        for (std::size_t i = 20; i < 23; ++i)
            ms = ms * 10 + (i < end ? text[i] - '0' : 0);
        if (end > 29)
            return std::nullopt;
    }
    return WallTime(sys_days(date).time_since_epoch() + hours(h) + minutes(mi) + seconds(s) +
                    milliseconds(ms));
}

} // namespace

std::optional<WallTime> timeFromText(std::string_view text) {
    if (const auto time = usualTime(text))
        return time;
    if (text.size() > 64)
        return std::nullopt;
    return fromRfc3339(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
}

std::optional<double> numberFromText(std::string_view text) {
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end || text.empty() || !std::isfinite(number))
        return std::nullopt;
    return number;
}

std::optional<qint64> wholeNumber(double number) {
    constexpr double limit = 9007199254740992.0; // 2^53: beyond it a double skips whole numbers
    if (!(std::abs(number) <= limit) || number != std::trunc(number))
        return std::nullopt;
    return static_cast<qint64>(number);
}

std::optional<int> smallNumber(std::optional<qint64> number) {
    if (!number || *number < std::numeric_limits<int>::min() ||
        *number > std::numeric_limits<int>::max())
        return std::nullopt;
    return static_cast<int>(*number);
}

} // namespace vigie
