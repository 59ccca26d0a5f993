#include "ui/models/filter.h"

#include "ui/models/nearestword.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <array>
#include <optional>

namespace vigie {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Filter)
};

using Test = Filter::Term::Test;
using Problem = tl::unexpected<FilterError>;

Problem problem(qsizetype position, qsizetype length, QString message) {
    return Problem(
        FilterError{static_cast<int>(position), static_cast<int>(length), std::move(message)});
}

/// `pattern` with `*` for any characters; `*` alone asks for some text.
bool matchesPattern(const QString& text, const QString& pattern) {
    if (pattern == QLatin1String("*"))
        return !text.isEmpty();
    if (!pattern.contains(QLatin1Char('*')))
        return text.compare(pattern, Qt::CaseInsensitive) == 0;
    const QStringList parts = pattern.split(QLatin1Char('*'));
    if (!text.startsWith(parts.first(), Qt::CaseInsensitive))
        return false;
    qsizetype at = parts.first().size();
    for (qsizetype i = 1; i + 1 < parts.size(); ++i) {
        const qsizetype found = text.indexOf(parts.at(i), at, Qt::CaseInsensitive);
        if (found < 0)
            return false;
        at = found + parts.at(i).size();
    }
    return text.size() - at >= parts.last().size() &&
           text.endsWith(parts.last(), Qt::CaseInsensitive);
}

/// Splits at spaces and at commas, honouring quotes, while remembering where each piece began.
class Reader {
public:
    Reader(const QString& text, const std::vector<FilterField>& fields)
        : m_text(text), m_fields(fields) {}

    tl::expected<std::vector<Filter::Term>, FilterError> read() {
        std::vector<Filter::Term> terms;
        for (skipSpaces(); m_at < m_text.size(); skipSpaces()) {
            auto term = readTerm();
            if (!term)
                return Problem(term.error());
            terms.push_back(*std::move(term));
        }
        return terms;
    }

private:
    void skipSpaces() {
        while (m_at < m_text.size() && m_text.at(m_at).isSpace())
            ++m_at;
    }
    bool atEnd() const { return m_at >= m_text.size() || m_text.at(m_at).isSpace(); }

    tl::expected<Filter::Term, FilterError> readTerm() {
        Filter::Term term;
        const qsizetype start = m_at;
        if (m_text.at(m_at) == QLatin1Char('!')) {
            term.inverted = true;
            ++m_at;
            if (atEnd())
                return problem(start, 1, Words::tr("'!' inverts what follows it: give a term"));
        }
        if (m_text.at(m_at) == QLatin1Char('"'))
            return finishWord(term);
        const qsizetype name = m_at;
        while (!atEnd() && !QStringLiteral(":<>=").contains(m_text.at(m_at)))
            ++m_at;
        if (atEnd() || m_at == name) { // no operator, or one without a name: an ordinary word
            m_at = name;
            return finishWord(term);
        }
        if (auto found = setField(term, name); !found)
            return Problem(found.error());
        return m_text.at(m_at) == QLatin1Char(':') ? readList(term) : readComparison(term);
    }

    tl::expected<Filter::Term, FilterError> finishWord(Filter::Term term) {
        auto piece = readPiece(false);
        if (!piece)
            return Problem(piece.error());
        term.patterns = {*piece};
        return term;
    }

    tl::expected<void, FilterError> setField(Filter::Term& term, qsizetype start) {
        const QString name = m_text.mid(start, m_at - start);
        QStringList known;
        for (size_t i = 0; i < m_fields.size(); ++i) {
            known.append(m_fields[i].name);
            if (m_fields[i].name.compare(name, Qt::CaseInsensitive) == 0)
                term.field = static_cast<int>(i);
        }
        if (term.field >= 0)
            return {};
        const QString nearest = nearestWord(name, known);
        return problem(
            start, name.size(),
            nearest.isEmpty()
                ? Words::tr("no field '%1' here; fields are: %2")
                      .arg(name, known.join(QLatin1String(", ")))
                : Words::tr("no field '%1' here; did you mean '%2'?").arg(name, nearest));
    }

    tl::expected<Filter::Term, FilterError> readList(Filter::Term term) {
        const FilterField& field = m_fields[static_cast<size_t>(term.field)];
        if (field.kind != FieldKind::Text) {
            term.test = Test::Equal;
            ++m_at;
            return readNumber(term);
        }
        term.test = Test::OneOf;
        do {
            ++m_at; // over the colon or the comma
            const qsizetype start = m_at;
            auto piece = readPiece(true);
            if (!piece)
                return Problem(piece.error());
            if (m_at == start)
                return problem(
                    start - 1, 1,
                    Words::tr("a value is missing after '%1'").arg(m_text.at(start - 1)));
            term.patterns.append(*piece);
        } while (!atEnd() && m_text.at(m_at) == QLatin1Char(','));
        return term;
    }

    tl::expected<Filter::Term, FilterError> readComparison(Filter::Term term) {
        const qsizetype start = m_at;
        const QChar sign = m_text.at(m_at++);
        const bool orEqual = !atEnd() && m_text.at(m_at) == QLatin1Char('=');
        if (orEqual)
            ++m_at;
        if (sign == QLatin1Char('>'))
            term.test = orEqual ? Test::GreaterOrEqual : Test::Greater;
        else if (sign == QLatin1Char('<'))
            term.test = orEqual ? Test::LessOrEqual : Test::Less;
        else
            term.test = Test::Equal;
        const FilterField& field = m_fields[static_cast<size_t>(term.field)];
        if (field.kind == FieldKind::Text)
            return problem(start, m_at - start,
                           Words::tr("'%1' is text: write %1:value").arg(field.name));
        return readNumber(term);
    }

    tl::expected<Filter::Term, FilterError> readNumber(Filter::Term term) {
        const FilterField& field = m_fields[static_cast<size_t>(term.field)];
        const qsizetype start = m_at;
        while (!atEnd())
            ++m_at;
        const QString text = m_text.mid(start, m_at - start);
        if (text.isEmpty())
            return problem(start - 1, 1,
                           Words::tr("a number is missing after '%1'").arg(m_text.at(start - 1)));
        static const QRegularExpression form(
            QStringLiteral(R"(^(-?\d+(?:[.,]\d+)?)\s*([a-zA-Z%€]*)$)"));
        const auto match = form.match(text);
        if (!match.hasMatch())
            return problem(start, text.size(), Words::tr("'%1' is not a number").arg(text));
        QString digits = match.captured(1);
        digits.replace(QLatin1Char(','), QLatin1Char('.'));
        const auto scale = unitScale(field.kind, match.captured(2).toLower());
        if (!scale)
            return problem(
                start + match.capturedStart(2), match.capturedLength(2),
                field.kind == FieldKind::Seconds
                    ? Words::tr("unknown unit '%1'; use ms, s, min, h or d").arg(match.captured(2))
                    : Words::tr("unknown unit '%1'; give a plain number").arg(match.captured(2)));
        term.number = digits.toDouble() * *scale;
        return term;
    }

    static std::optional<double> unitScale(FieldKind kind, const QString& unit) {
        struct Unit {
            FieldKind kind;
            QLatin1String word;
            double scale;
        };
        static const std::array units{
            Unit{FieldKind::Number, QLatin1String("%"), 1},
            Unit{FieldKind::Number, QLatin1String("gb"), 1},
            Unit{FieldKind::Number, QLatin1String("k"), 1e3},
            Unit{FieldKind::Seconds, QLatin1String("ms"), 1e-3},
            Unit{FieldKind::Seconds, QLatin1String("s"), 1},
            Unit{FieldKind::Seconds, QLatin1String("m"), 60},
            Unit{FieldKind::Seconds, QLatin1String("min"), 60},
            Unit{FieldKind::Seconds, QLatin1String("h"), 3600},
            Unit{FieldKind::Seconds, QLatin1String("d"), 86'400},
            Unit{FieldKind::Seconds, QLatin1String("j"), 86'400}, // jours
        };
        if (unit.isEmpty())
            return 1;
        for (const Unit& known : units)
            if (known.kind == kind && known.word == unit)
                return known.scale;
        return std::nullopt;
    }

    /// Up to the next space (or comma, in a list); a quoted piece as it is between the quotes.
    tl::expected<QString, FilterError> readPiece(bool inList) {
        if (m_at < m_text.size() && m_text.at(m_at) == QLatin1Char('"')) {
            const qsizetype end = m_text.indexOf(QLatin1Char('"'), m_at + 1);
            if (end < 0)
                return problem(m_at, 1, Words::tr("this quote is never closed"));
            const QString piece = m_text.mid(m_at + 1, end - m_at - 1);
            m_at = end + 1;
            return piece;
        }
        const qsizetype start = m_at;
        while (!atEnd() && !(inList && m_text.at(m_at) == QLatin1Char(',')))
            ++m_at;
        return m_text.mid(start, m_at - start);
    }

    const QString& m_text;
    const std::vector<FilterField>& m_fields;
    qsizetype m_at = 0;
};

bool compare(Test test, double value, double limit) {
    switch (test) {
    case Test::Less:
        return value < limit;
    case Test::LessOrEqual:
        return value <= limit;
    case Test::Equal:
        return qFuzzyCompare(value + 1, limit + 1);
    case Test::GreaterOrEqual:
        return value >= limit;
    case Test::Greater:
        return value > limit;
    case Test::Contains:
    case Test::OneOf:
        break;
    }
    return false;
}

bool matchesTerm(const Filter::Term& term, const FilterSubject& subject) {
    if (term.test == Test::Contains)
        return subject.contains(term.patterns.first());
    const QVariant value = subject.value(term.field);
    if (term.test == Test::OneOf) {
        const QString text = value.toString();
        return std::any_of(term.patterns.begin(), term.patterns.end(),
                           [&](const QString& pattern) { return matchesPattern(text, pattern); });
    }
    return value.isValid() && compare(term.test, value.toDouble(), term.number);
}

} // namespace

tl::expected<Filter, FilterError> Filter::parse(const QString& text,
                                                const std::vector<FilterField>& fields) {
    auto terms = Reader(text, fields).read();
    if (!terms)
        return Problem(terms.error());
    Filter filter;
    filter.m_terms = *std::move(terms);
    return filter;
}

bool Filter::matches(const FilterSubject& subject) const {
    return std::all_of(m_terms.begin(), m_terms.end(), [&](const Term& term) {
        return matchesTerm(term, subject) != term.inverted;
    });
}

} // namespace vigie
