#include "core/replay/recordedcallscodec.h"

#include "core/base/timeformat.h"
#include "core/model/jsonreader.h"
#include "core/model/jsonwriter.h"

#include <QStringList>

#include <cmath>

namespace vigie {

namespace {

constexpr qsizetype mostBytes = 64 * 1024 * 1024;
constexpr std::size_t mostCalls = 1'000'000;
// 95 years on either side of 1970: a time, a duration and the distance to another time together fit
// into 64 bits of nanoseconds.
constexpr double mostMs = 3e12;

/// What stands in one line, by name; null where it is absent.
struct Fields {
    QString at, duration, outcome, errorClass, cause;
};

const QStringList& names() {
    static const QStringList all{QStringLiteral("at"), QStringLiteral("duration_ms"),
                                 QStringLiteral("outcome"), QStringLiteral("error_class"),
                                 QStringLiteral("cause")};
    return all;
}

QString& field(Fields& fields, qsizetype name) {
    QString* const all[] = {&fields.at, &fields.duration, &fields.outcome, &fields.errorClass,
                            &fields.cause};
    return *all[name];
}

std::optional<std::chrono::nanoseconds> milliseconds(const QString& text, bool signedToo) {
    bool good = false;
    const double ms = text.toDouble(&good);
    if (!good || !std::isfinite(ms) || std::abs(ms) > mostMs || (ms < 0 && !signedToo))
        return std::nullopt;
    return std::chrono::nanoseconds(std::llround(ms * 1e6));
}

std::optional<std::chrono::nanoseconds> moment(const QString& text) {
    if (const auto ms = milliseconds(text, true))
        return ms;
    const auto wall = fromRfc3339(text);
    if (wall && std::abs(double(wall->time_since_epoch().count())) <= mostMs)
        return std::chrono::nanoseconds(wall->time_since_epoch());
    return std::nullopt;
}

QString found(const QString& text) {
    return text.isNull() ? QStringLiteral("nothing")
                         : QStringLiteral("\"%1\"").arg(text.left(40).simplified());
}

/// Empty when the fields are a call.
QString problem(const Fields& fields, RecordedCall& call) {
    const auto at = moment(fields.at);
    if (!at)
        return QStringLiteral("expected a time (RFC 3339 or milliseconds) as at, found %1")
            .arg(found(fields.at));
    const auto duration = milliseconds(fields.duration, false);
    if (!duration)
        return QStringLiteral("expected a number, 0 or more, as duration_ms, found %1")
            .arg(found(fields.duration));
    call.failed = fields.outcome == QLatin1String("failure");
    if (!call.failed && fields.outcome != QLatin1String("success"))
        return QStringLiteral("expected success or failure as outcome, found %1")
            .arg(found(fields.outcome));
    if (call.failed && !fields.errorClass.isEmpty()) {
        const auto errorClass = errorClassFromString(fields.errorClass.toStdString());
        if (!errorClass)
            return QStringLiteral("expected a class of errors as error_class, found %1")
                .arg(found(fields.errorClass));
        call.errorClass = *errorClass;
    }
    call.at = *at;
    call.duration = *duration;
    if (call.failed)
        call.cause = fields.cause.toStdString();
    return {};
}

/// The values of one line; nothing when a quote is not closed.
std::optional<QStringList> splitCsv(const QString& line) {
    QStringList values;
    QString value;
    bool quoted = false;
    for (qsizetype i = 0; i < line.size(); ++i) {
        const QChar c = line.at(i);
        if (c == u'"' && quoted && i + 1 < line.size() && line.at(i + 1) == u'"') {
            value += line.at(++i);
        } else if (c == u'"') {
            quoted = !quoted;
        } else if (c == u',' && !quoted) {
            values << std::exchange(value, QString()).trimmed();
        } else {
            value += c;
        }
    }
    values << value.trimmed();
    return quoted ? std::nullopt : std::optional(values);
}

/// Reads one line after the other.
class Reader {
public:
    explicit Reader(bool json) : m_json(json) {}

    /// Empty, or what is wrong with the line.
    QString take(const QByteArray& raw) {
        const QByteArray line = raw.trimmed();
        if (line.isEmpty() || (!m_json && line.startsWith('#')))
            return {};
        Fields fields;
        const QString wrong = m_json ? readJson(line, fields) : readCsv(line, fields);
        if (!wrong.isEmpty() || m_skip)
            return std::exchange(m_skip, false) ? QString() : wrong;
        RecordedCall call;
        const QString bad = problem(fields, call);
        if (bad.isEmpty() && m_calls.size() == mostCalls)
            return QStringLiteral("expected at most %1 calls").arg(mostCalls);
        if (bad.isEmpty())
            m_calls.push_back(std::move(call));
        return bad;
    }
    bool hasHeader() const { return m_json || !m_columns.isEmpty(); }
    std::vector<RecordedCall> calls() && { return std::move(m_calls); }

private:
    static QString readJson(const QByteArray& line, Fields& fields) {
        const auto object = JsonNode::parse(line, QStringLiteral("the line"), 64 * 1024);
        if (!object || !object->isObject())
            return QStringLiteral("expected one JSON object");
        for (qsizetype i = 0; i < names().size(); ++i) {
            const JsonNode value = (*object)[names().at(i).toStdString()];
            const auto number = value.number();
            const QString text = value.text();
            if (!text.isEmpty())
                field(fields, i) = text;
            else if (number)
                field(fields, i) = QString::number(*number, 'g', 17);
        }
        return {};
    }

    QString readCsv(const QByteArray& line, Fields& fields) {
        const auto values = splitCsv(QString::fromUtf8(line));
        if (!values)
            return QStringLiteral("expected a closing double quote");
        if (m_columns.isEmpty()) {
            for (const char* needed : {"at", "duration_ms", "outcome"}) {
                if (values->count(QLatin1String(needed)) != 1)
                    return QStringLiteral("expected a line of names with %1 once, found %2")
                        .arg(QLatin1String(needed), found(QString::fromUtf8(line)));
            }
            m_columns = *values;
            m_skip = true;
            return {};
        }
        if (values->size() != m_columns.size())
            return QStringLiteral("expected %1 values, found %2")
                .arg(m_columns.size())
                .arg(values->size());
        for (qsizetype i = 0; i < values->size(); ++i) {
            if (const qsizetype name = names().indexOf(m_columns.at(i)); name >= 0)
                field(fields, name) = values->at(i);
        }
        return {};
    }

    const bool m_json;
    bool m_skip = false; ///< the line was the names
    QStringList m_columns;
    std::vector<RecordedCall> m_calls;
};

double ms(std::chrono::nanoseconds duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

} // namespace

Outcome<std::vector<RecordedCall>> decodeRecordedCalls(const QByteArray& text,
                                                       const QString& file) {
    if (text.size() > mostBytes)
        return fail(FailureKind::TooLarge,
                    QStringLiteral("%1: expected at most 64 MiB of recorded calls").arg(file));
    Reader reader(text.trimmed().startsWith('{'));
    int number = 0;
    for (qsizetype begin = 0; begin < text.size();) {
        qsizetype end = text.indexOf('\n', begin);
        end = end < 0 ? text.size() : end;
        ++number;
        const QString wrong = reader.take(text.mid(begin, end - begin));
        if (!wrong.isEmpty())
            return fail(FailureKind::Malformed,
                        QStringLiteral("%1, line %2: %3").arg(file).arg(number).arg(wrong));
        begin = end + 1;
    }
    if (!reader.hasHeader())
        return fail(FailureKind::Malformed,
                    QStringLiteral("%1: expected recorded calls, found nothing").arg(file));
    return std::move(reader).calls();
}

QByteArray encodeReplay(const ReplayResult& result) {
    const auto count = [](std::uint64_t number) { return static_cast<qint64>(number); };
    JsonWriter json(1024);
    json.beginObject();
    json.field("calls", count(result.calls)).field("failures", count(result.failures));
    json.field("refused_failures", count(result.refusedFailures));
    json.field("refused_successes", count(result.refusedSuccesses));
    json.field("opens", count(result.opens)).field("resets", count(result.resets));
    json.field("not_closed_ms", ms(result.notClosed));
    json.field("ends_as", QString::fromLatin1(toString(result.endsAs)));
    json.key("transitions").beginArray();
    for (const CircuitTransition& transition : result.transitions) {
        json.beginObject().field("at_ms", ms(transition.at.time_since_epoch()));
        json.field("from", QString::fromLatin1(toString(transition.from)));
        json.field("to", QString::fromLatin1(toString(transition.to)));
        json.field("cause", QString::fromStdString(transition.cause)).endObject();
    }
    return json.endArray().endObject().take();
}

} // namespace vigie
