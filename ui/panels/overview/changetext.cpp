#include "ui/panels/overview/changetext.h"

#include "ui/models/words.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <array>

namespace vigie::panels::overview {

namespace {

struct T {
    Q_DECLARE_TR_FUNCTIONS(Changes)
};

QString stateText(const QString& wire) {
    const InstanceStatus status = instanceStatusFromString(wire);
    return status == InstanceStatus::Unknown ? wire : word(status);
}

QString verdictText(const QString& wire) {
    const Verdict verdict = verdictFromString(wire);
    return wire == toString(verdict) ? word(verdict) : wire;
}

QString freshnessText(const QString& wire) {
    for (const Freshness each : {Freshness::Waiting, Freshness::Live, Freshness::Late,
                                 Freshness::Stale, Freshness::Unreachable})
        if (wire == toString(each))
            return word(each);
    return wire;
}

struct Form {
    QRegularExpression pattern;
    QString (*say)(const QRegularExpressionMatch&);
};

QRegularExpression whole(const char* pattern) {
    return QRegularExpression(QRegularExpression::anchoredPattern(QLatin1String(pattern)));
}

const std::array<Form, 5>& forms() {
    using Match = const QRegularExpressionMatch&;
    static const std::array<Form, 5> all{
        Form{whole("verdict (\\S+) -> (\\S+)(?: \\((.*)\\))?"),
             [](Match m) {
                 return T::tr("verdict: %1 → %2")
                     .arg(verdictText(m.captured(1)), verdictText(m.captured(2)));
             }},
        Form{whole("source (\\S+) -> (\\S+)"),
             [](Match m) {
                 return T::tr("source: %1 → %2")
                     .arg(freshnessText(m.captured(1)), freshnessText(m.captured(2)));
             }},
        Form{whole("(\\S+) -> (\\S+)"),
             [](Match m) {
                 return T::tr("%1 → %2").arg(stateText(m.captured(1)), stateText(m.captured(2)));
             }},
        Form{whole("appeared as (\\S+)"),
             [](Match m) { return T::tr("new: %1").arg(stateText(m.captured(1))); }},
        Form{whole("no longer listed \\(was (\\S+)\\)"),
             [](Match m) {
                 return T::tr("no longer listed, was: %1").arg(stateText(m.captured(1)));
             }},
    };
    return all;
}

} // namespace

QString changeText(const QString& what) {
    for (const Form& form : forms())
        if (const auto match = form.pattern.match(what); match.hasMatch())
            return form.say(match);
    return what;
}

} // namespace vigie::panels::overview
