#include "core/resilience/errorclassifier.h"

#include <algorithm>
#include <cctype>

namespace vigie {

namespace {

constexpr std::size_t longestText = 4096;
constexpr std::size_t longestPattern = 256;
constexpr std::size_t leastAnchor = 4;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool fitsCode(std::string_view pattern, std::string_view code) {
    if (code.empty())
        return false;
    if (pattern.ends_with('*'))
        return code.starts_with(pattern.substr(0, pattern.size() - 1));
    return code == pattern;
}

bool fits(const ErrorRule& rule, const ErrorSignal& signal) {
    if (!rule.service.empty() && rule.service != signal.service)
        return false;
    if (rule.statusFrom != 0 &&
        (signal.httpStatus < rule.statusFrom || signal.httpStatus > rule.statusTo))
        return false;
    if (!rule.code.empty() && !fitsCode(rule.code, signal.code) &&
        !fitsCode(rule.code, signal.type) && !fitsCode(rule.code, signal.sqlState))
        return false;
    return rule.text.empty() || fitsErrorText(rule.text, signal.text);
}

/// Characters to hold on to, one of them a letter: "500*" would find any text that begins so.
bool isAnchor(std::string_view literal) {
    return literal.size() >= leastAnchor &&
           std::ranges::any_of(literal, [](unsigned char c) { return std::isalpha(c) != 0; });
}

std::string textProblem(const std::string& pattern) {
    if (pattern.size() > longestPattern)
        return "text has " + std::to_string(pattern.size()) + " characters; at most " +
               std::to_string(longestPattern) + " are allowed";
    const std::size_t first = pattern.find('*');
    if (first == std::string::npos)
        return {};
    const std::size_t last = pattern.rfind('*');
    if (!isAnchor(std::string_view(pattern).substr(0, first)) &&
        !isAnchor(std::string_view(pattern).substr(last + 1)))
        return "text \"" + pattern +
               "\" must begin or end with at least 4 characters before or after its '*', one of "
               "them a letter";
    return {};
}

std::string ruleProblem(const ErrorRule& rule) {
    if (rule.statusFrom == 0 && rule.code.empty() && rule.text.empty())
        return "needs at least one of status, code and text";
    if (rule.statusFrom != 0 &&
        (rule.statusFrom < 100 || rule.statusTo > 599 || rule.statusFrom > rule.statusTo))
        return "status " + std::to_string(rule.statusFrom) + "-" + std::to_string(rule.statusTo) +
               " must be in 100..599, the lower one first";
    const std::size_t star = rule.code.find('*');
    if (rule.code == "*" || (star != std::string::npos && star + 1 != rule.code.size()))
        return "code \"" + rule.code + "\" may hold '*' only at its end, after something";
    return textProblem(rule.text);
}

} // namespace

std::string ErrorPolicy::problem() const {
    for (const ErrorRule& rule : rules) {
        if (const std::string found = ruleProblem(rule); !found.empty())
            return "rule \"" + rule.name + "\": " + found;
    }
    for (const ErrorTraitsChange& change : traits) {
        if (change.weight && !(*change.weight >= 0 && *change.weight <= 1))
            return std::string("class \"") + toString(change.errorClass) + "\": weight is " +
                   std::to_string(*change.weight) + ", but must be in 0..1";
    }
    return {};
}

ErrorClassifier::ErrorClassifier() : ErrorClassifier(ErrorPolicy{}) {}

ErrorClassifier::ErrorClassifier(ErrorPolicy policy) : m_rules(std::move(policy.rules)) {
    for (std::size_t i = 0; i < m_traits.size(); ++i)
        m_traits[i] = defaultTraits(static_cast<ErrorClass>(i));
    for (const ErrorTraitsChange& change : policy.traits) {
        ErrorTraits& traits = m_traits[static_cast<std::size_t>(change.errorClass)];
        traits.retriable = change.retriable.value_or(traits.retriable);
        traits.countsForBreaker = change.countsForBreaker.value_or(traits.countsForBreaker);
        // A class that begins to count weighs a whole failure until somebody says otherwise.
        if (traits.countsForBreaker && traits.weight == 0)
            traits.weight = 1;
        traits.weight = change.weight.value_or(traits.weight);
        if (!traits.countsForBreaker)
            traits.weight = 0;
    }
}

ErrorClass ErrorClassifier::classify(const ErrorSignal& signal) const noexcept {
    for (const ErrorRule& rule : m_rules) {
        if (fits(rule, signal))
            return rule.result;
    }
    if (signal.seen && *signal.seen != ErrorClass::Unknown)
        return *signal.seen;
    if (const auto found = errorClassOfSqlState(signal.sqlState))
        return *found;
    if (const auto found = errorClassOfCode(signal.code))
        return *found;
    if (const auto found = errorClassOfCode(signal.type))
        return *found;
    if (const auto found = errorClassOfText(signal.text))
        return *found;
    if (signal.httpStatus != 0)
        return errorClassOfStatus(signal.httpStatus);
    return errorClassOfSystemError(signal.systemError).value_or(ErrorClass::Unknown);
}

ErrorTraits ErrorClassifier::traits(ErrorClass errorClass) const noexcept {
    const auto index = static_cast<std::size_t>(errorClass);
    return m_traits[index < m_traits.size() ? index : 0];
}

bool fitsErrorText(std::string_view pattern, std::string_view text) noexcept {
    text = text.substr(0, longestText);
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos; // the last '*' met, and where its run ends so far
    std::size_t runEnd = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            runEnd = t;
        } else if (p < pattern.size() && lower(pattern[p]) == lower(text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++runEnd;
        } else {
            return false;
        }
    }
    return std::all_of(pattern.begin() + static_cast<std::ptrdiff_t>(p), pattern.end(),
                       [](char c) { return c == '*'; });
}

} // namespace vigie
