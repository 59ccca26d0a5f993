#pragma once

#include <QString>
#include <QStringList>
#include <QVariant>

#include <tl/expected.hpp>

#include <vector>

namespace vigie {

enum class FieldKind {
    Text,    ///< compared as text, `*` stands for any characters
    Number,  ///< a plain number
    Seconds, ///< a duration: 30s, 5min, 2h, 850ms; without a unit, seconds
};

/// A name that the filter language knows in one table.
struct FilterField {
    QString name;
    FieldKind kind = FieldKind::Text;
};

/// A mistake in a filter, where it is (in characters) and what was expected.
struct FilterError {
    int position = 0;
    int length = 0;
    QString message;
};

/// One row as the filter sees it.
class FilterSubject {
public:
    virtual ~FilterSubject() = default;
    /// The value of the field at `index` of the list given to parse(): text, a number, or (for
    /// Seconds) seconds as a number. Invalid when the row doesn't know it.
    virtual QVariant value(int index) const = 0;
    /// Whether any text of the row holds `needle`, without regard to case.
    virtual bool contains(const QString& needle) const = 0;
};

/// The filter language of every table and saved view (operator-experience.md). Terms are separated
/// by spaces and all must match: `word`, `"two words"`, `field:value`, `field:a,b*`, `field>number`
/// (also >= < <= =); `!` before a term inverts it. A row that doesn't know a number matches no
/// comparison with it.
class Filter {
public:
    static tl::expected<Filter, FilterError> parse(const QString& text,
                                                   const std::vector<FilterField>& fields);

    bool isEmpty() const { return m_terms.empty(); }
    bool matches(const FilterSubject& subject) const;

    struct Term {
        enum class Test { Contains, OneOf, Less, LessOrEqual, Equal, GreaterOrEqual, Greater };
        bool inverted = false;
        Test test = Test::Contains;
        int field = -1;       ///< index of the field; -1: any text
        QStringList patterns; ///< of Contains and OneOf
        double number = 0;    ///< of the comparisons
    };
    const std::vector<Term>& terms() const { return m_terms; }

private:
    std::vector<Term> m_terms;
};

} // namespace vigie
