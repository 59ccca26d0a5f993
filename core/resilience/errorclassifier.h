#pragma once

#include "core/resilience/errorclass.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigie {

/// What a failed call looked like to the place that saw it. The texts are only read during the
/// call; what is not known stays empty.
struct ErrorSignal {
    std::string_view service;       ///< "ollama", "supabase", ...; for configured rules
    std::optional<ErrorClass> seen; ///< what the transport or our own engine saw by itself
    int httpStatus = 0;             ///< 0: no HTTP answer
    int systemError = 0;            ///< errno; 0: none
    std::string_view sqlState;      ///< five characters, of PostgreSQL
    std::string_view code;          ///< machine-readable code of the error body: "NoSuchKey"
    std::string_view type;          ///< a second one, where the body has it: "overloaded_error"
    std::string_view text;          ///< the sentence of the error body, without anything before it
};

/// One configured rule. All criteria that are given must hold.
struct ErrorRule {
    std::string name;    ///< for messages
    std::string service; ///< empty: any
    int statusFrom = 0;  ///< 0: any status; else 100 .. 599, statusTo included
    int statusTo = 0;
    /// Equals the code, the type or the SQLSTATE; with a '*' at its end, its beginning does.
    std::string code;
    /// The whole text, upper and lower case alike, '*' standing for anything. It must hold on to
    /// the beginning or the end of the text with four characters, so that it never means
    /// "anywhere".
    std::string text;
    ErrorClass result = ErrorClass::Unknown;
};

/// What configuration changes about a class; absent: as it is by default.
struct ErrorTraitsChange {
    ErrorClass errorClass = ErrorClass::Unknown;
    std::optional<bool> retriable, countsForBreaker;
    std::optional<double> weight; ///< 0 .. 1
};

/// The configurable part of classification.
struct ErrorPolicy {
    std::vector<ErrorRule> rules; ///< the first that fits wins, before everything built in
    std::vector<ErrorTraitsChange> traits;

    /// Empty when usable, else a sentence naming the rule or class, the field, its value and what
    /// is allowed.
    std::string problem() const;
};

/// Finds the class of a failure and says what it means: configured rules first, then what the
/// transport saw, then machine-readable codes, then anchored text, then the status, then errno.
/// Immutable, so that any number of threads may share one. Never throws once constructed.
class ErrorClassifier {
public:
    /// Only what is built in.
    ErrorClassifier();
    /// Precondition: policy.problem().empty().
    explicit ErrorClassifier(ErrorPolicy policy);

    ErrorClass classify(const ErrorSignal& signal) const noexcept;
    /// What the class means, changes of the policy included.
    ErrorTraits traits(ErrorClass errorClass) const noexcept;

private:
    std::vector<ErrorRule> m_rules;
    std::array<ErrorTraits, errorClassCount> m_traits;
};

/// The class of a PostgreSQL error code (its appendix A); nothing for one that tells nothing or is
/// no SQLSTATE.
std::optional<ErrorClass> errorClassOfSqlState(std::string_view sqlState) noexcept;
/// The class of an HTTP status by itself (RFC 9110 and the common extensions); a status below 400
/// is MalformedAnswer, as it came with a failure.
ErrorClass errorClassOfStatus(int httpStatus) noexcept;
/// The class of an errno; nothing for one that tells nothing about a call.
std::optional<ErrorClass> errorClassOfSystemError(int systemError) noexcept;
/// The class of a machine-readable code that servers are known to send; nothing for any other.
std::optional<ErrorClass> errorClassOfCode(std::string_view code) noexcept;
/// The class of a sentence that servers are known to send, as a whole or by its beginning.
std::optional<ErrorClass> errorClassOfText(std::string_view text) noexcept;

/// Whether the pattern fits the whole text: '*' stands for any run of characters, ASCII letters of
/// either case are alike. At most 4096 characters of a text are looked at.
bool fitsErrorText(std::string_view pattern, std::string_view text) noexcept;

} // namespace vigie
