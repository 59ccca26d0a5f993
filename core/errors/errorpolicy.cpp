#include "core/errors/errorpolicy.h"

#include "core/config/nearestname.h"
#include "core/config/tomlcodec.h"

#include <QFile>

#include <algorithm>

namespace vigie {

namespace {

constexpr qint64 maxFileBytes = 1024 * 1024;
constexpr std::size_t maxRules = 1000;

QString rulesFilePath() {
    return QStringLiteral("resilience.errors.rules_file");
}

/// Puts the entries of a file together and gathers every mistake on the way.
class PolicyReader {
public:
    explicit PolicyReader(QString name) : m_name(std::move(name)) {}

    Outcome<ErrorPolicy> read(const std::vector<TomlEntry>& entries) {
        for (const TomlEntry& entry : entries)
            take(entry);
        finish();
        if (!m_mistakes.isEmpty())
            return fail(FailureKind::Invalid, m_mistakes.join(u'\n'));
        ErrorPolicy policy;
        for (Rule& rule : m_rules)
            policy.rules.push_back(std::move(rule.rule));
        for (const Change& change : m_changes)
            policy.traits.push_back(change.change);
        return policy;
    }

private:
    struct Rule {
        ErrorRule rule;
        int line = 0;
        bool hasClass = false;
    };
    struct Change {
        ErrorTraitsChange change;
        QString name;
    };

    void refuse(int line, const QString& what) {
        m_mistakes.append(QStringLiteral("%1:%2: %3").arg(m_name).arg(line).arg(what));
    }

    void refuseValue(const TomlEntry& entry, const QString& allowed) {
        refuse(entry.line,
               QStringLiteral("%1 is %2, but must be %3").arg(entry.path, entry.shown, allowed));
    }

    void take(const TomlEntry& entry) {
        // A name may be quoted and hold dots; the key after it never does.
        const qsizetype last = entry.path.lastIndexOf(u'.');
        const qsizetype first = entry.path.indexOf(u'.');
        const QString table = entry.path.left(first);
        const QString key = entry.path.mid(last + 1);
        const QString name = entry.path.mid(first + 1, last - first - 1);
        if (first > 0 && last > first && table == QLatin1String("rules"))
            takeRule(entry, name, key);
        else if (first > 0 && last > first && table == QLatin1String("classes"))
            takeChange(entry, name, key);
        else
            refuse(entry.line, QStringLiteral("unknown key %1; a rules file holds [rules.NAME] and "
                                              "[classes.CLASS]")
                                   .arg(entry.path));
    }

    Rule& ruleNamed(const QString& name, int line) {
        const std::string wanted = name.toStdString();
        const auto found = std::ranges::find_if(
            m_rules, [&wanted](const Rule& rule) { return rule.rule.name == wanted; });
        if (found != m_rules.end())
            return *found;
        Rule& rule = m_rules.emplace_back();
        rule.rule.name = wanted;
        rule.line = line;
        return rule;
    }

    void takeRule(const TomlEntry& entry, const QString& name, const QString& key) {
        Rule& rule = ruleNamed(name, entry.line);
        if (key == QLatin1String("status")) {
            takeStatus(entry, rule.rule);
            return;
        }
        const std::string text = entry.value.toString().toStdString();
        if (entry.value.metaType().id() != QMetaType::QString || text.empty())
            refuseValue(entry, QStringLiteral("a text that is not empty"));
        else if (key == QLatin1String("service"))
            rule.rule.service = text;
        else if (key == QLatin1String("code"))
            rule.rule.code = text;
        else if (key == QLatin1String("text"))
            rule.rule.text = text;
        else if (key == QLatin1String("class"))
            takeClass(entry, rule);
        else
            refuse(entry.line, QStringLiteral("unknown key %1; a rule holds service, status, code, "
                                              "text and class")
                                   .arg(entry.path));
    }

    void takeStatus(const TomlEntry& entry, ErrorRule& rule) {
        const QStringList ends = entry.value.toString().split(u'-');
        bool lowerFine = false;
        bool upperFine = false;
        rule.statusFrom = ends.first().toInt(&lowerFine);
        rule.statusTo = ends.last().toInt(&upperFine);
        const bool fine = lowerFine && upperFine && ends.size() <= 2 && rule.statusFrom >= 100 &&
                          rule.statusTo <= 599 && rule.statusFrom <= rule.statusTo;
        if (!fine)
            refuseValue(entry, QStringLiteral("an HTTP status or two with a '-' between them, in "
                                              "100..599, such as \"503\" or \"500-599\""));
    }

    void takeClass(const TomlEntry& entry, Rule& rule) {
        const QString word = entry.value.toString();
        rule.hasClass = true;
        if (const auto found = errorClassFromString(word.toStdString()))
            rule.rule.result = *found;
        else
            refuseValue(entry, classHelp(word));
    }

    static QString classHelp(const QString& word) {
        QStringList words;
        for (std::size_t i = 0; i < errorClassCount; ++i)
            words.append(QString::fromLatin1(toString(static_cast<ErrorClass>(i))));
        const QString nearest = nearestName(word, words);
        return nearest.isEmpty()
                   ? QStringLiteral("one of %1").arg(words.join(QLatin1String(", ")))
                   : QStringLiteral("a class of errors; did you mean \"%1\"?").arg(nearest);
    }

    void takeChange(const TomlEntry& entry, const QString& name, const QString& key) {
        const auto errorClass = errorClassFromString(name.toStdString());
        if (!errorClass) {
            refuse(entry.line, QStringLiteral("classes.%1: must be %2").arg(name, classHelp(name)));
            return;
        }
        auto found =
            std::ranges::find_if(m_changes, [&](const Change& c) { return c.name == name; });
        if (found == m_changes.end()) {
            m_changes.push_back({{*errorClass, {}, {}, {}}, name});
            found = std::prev(m_changes.end());
        }
        ErrorTraitsChange& change = found->change;
        const bool isBoolean = entry.value.metaType().id() == QMetaType::Bool;
        if (key == QLatin1String("weight")) {
            bool isNumber = entry.value.metaType().id() != QMetaType::QString && !isBoolean;
            const double weight = isNumber ? entry.value.toDouble(&isNumber) : 0;
            if (isNumber && weight >= 0 && weight <= 1)
                change.weight = weight;
            else
                refuseValue(entry, QStringLiteral("a number in 0..1"));
        } else if (key != QLatin1String("retriable") &&
                   key != QLatin1String("counts_for_breaker")) {
            refuse(entry.line, QStringLiteral("unknown key %1; a class holds retriable, "
                                              "counts_for_breaker and weight")
                                   .arg(entry.path));
        } else if (!isBoolean) {
            refuseValue(entry, QStringLiteral("true or false"));
        } else if (key == QLatin1String("retriable")) {
            change.retriable = entry.value.toBool();
        } else {
            change.countsForBreaker = entry.value.toBool();
        }
    }

    void finish() {
        if (m_rules.size() > maxRules)
            refuse(
                m_rules.back().line,
                QStringLiteral("%1 rules; at most %2 are read").arg(m_rules.size()).arg(maxRules));
        if (!m_mistakes.isEmpty())
            return; // what is wrong with a rule as a whole may be that one key was refused
        for (const Rule& rule : m_rules) {
            if (!rule.hasClass)
                refuse(rule.line, QStringLiteral("rules.%1 needs a class")
                                      .arg(QString::fromStdString(rule.rule.name)));
            const std::string problem = ErrorPolicy{{rule.rule}, {}}.problem();
            if (!problem.empty())
                refuse(rule.line, QString::fromStdString(problem));
        }
    }

    QString m_name;
    std::vector<Rule> m_rules;
    std::vector<Change> m_changes;
    QStringList m_mistakes;
};

} // namespace

Outcome<ErrorPolicy> readErrorPolicy(const QByteArray& toml, const QString& name) {
    const auto entries = readToml(toml, name);
    if (!entries)
        return fail(entries.error());
    return PolicyReader(name).read(*entries);
}

std::vector<SettingSpec> errorSettings() {
    SettingSpec file;
    file.section = QStringLiteral("resilience.errors");
    file.key = QStringLiteral("rules_file");
    file.fallback = QString();
    file.help = QStringLiteral("TOML file of rules that say which errors are of which class and "
                               "what a class means; empty: only what is built in");
    return {file};
}

Outcome<std::shared_ptr<const ErrorClassifier>> errorClassifierFrom(const Settings& settings) {
    const QString path = settings.text(rulesFilePath());
    if (path.isEmpty())
        return std::make_shared<const ErrorClassifier>();
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(FailureKind::Invalid, QStringLiteral("%1: %2 can't be read: %3")
                                              .arg(rulesFilePath(), path, file.errorString()));
    const QByteArray bytes = file.read(maxFileBytes + 1);
    if (bytes.size() > maxFileBytes)
        return fail(FailureKind::Invalid, QStringLiteral("%1: %2 is longer than %3 bytes")
                                              .arg(rulesFilePath(), path)
                                              .arg(maxFileBytes));
    auto policy = readErrorPolicy(bytes, path);
    if (!policy)
        return fail(policy.error());
    return std::make_shared<const ErrorClassifier>(std::move(*policy));
}

} // namespace vigie
