#include "core/tasks/plan/planreader.h"

#include "core/config/nearestname.h"
#include "core/config/settingvalue.h"
#include "core/config/tomlcodec.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>
#include <cmath>

namespace vigie {

namespace {

constexpr qint64 maxPlanBytes = 4 * 1024 * 1024;

SettingSpec key(const char* name, SettingType type, std::optional<double> minimum = {},
                std::optional<double> maximum = {}) {
    SettingSpec spec;
    spec.key = QString::fromLatin1(name);
    spec.type = type;
    spec.minimum = minimum;
    spec.maximum = maximum;
    return spec;
}

std::vector<SettingSpec> planKeys() {
    SettingSpec strategy = key("strategy", SettingType::Text);
    for (const auto each : {ExecutionStrategy::Serial, ExecutionStrategy::Parallel,
                            ExecutionStrategy::ParallelLimited})
        strategy.allowed.append(toString(each));
    return {key("name", SettingType::Text), strategy, key("limit", SettingType::Integer, 1, 1000),
            key("profile", SettingType::Text),
            key("patience_seconds", SettingType::Seconds, 0, 86'400)};
}

std::vector<SettingSpec> taskKeys() {
    return {key("id", SettingType::Text),
            key("engine", SettingType::Text),
            key("model", SettingType::Text),
            key("prompt", SettingType::Text),
            key("file", SettingType::Text),
            key("timeout_seconds", SettingType::Seconds, 0.001, 86'400),
            key("repeat", SettingType::Integer, 1, maxTasksOfPlan)};
}

/// An id or a name: it becomes part of file names, header values and metrics.
bool isName(const QString& text) {
    static const QRegularExpression wellFormed(
        QRegularExpression::anchoredPattern(QStringLiteral("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")));
    return wellFormed.match(text).hasMatch();
}

class PlanReader {
public:
    PlanReader(QString fileName, QString folder)
        : m_file(std::move(fileName)), m_folder(std::move(folder)) {}

    Outcome<ExecutionPlan> read(const QByteArray& toml) {
        const auto entries = readToml(toml, m_file);
        if (!entries)
            return fail(entries.error());
        for (const TomlEntry& entry : *entries) {
            if (auto taken = take(entry); !taken)
                return fail(taken.error());
        }
        if (auto finished = finish(); !finished)
            return fail(finished.error());
        m_plan.source = toml;
        m_plan.folder = m_folder;
        return m_plan;
    }

private:
    struct DraftTask {
        TaskSpec spec;
        int line = 0;
        int repeat = 1;
    };

    tl::unexpected<Failure> mistake(int line, const QString& what) const {
        return fail(FailureKind::Invalid,
                    QStringLiteral("%1:%2: %3").arg(m_file).arg(line).arg(what));
    }

    tl::unexpected<Failure> unknown(const TomlEntry& entry, const QString& given,
                                    const QStringList& known) const {
        const QString nearest = nearestName(given, known);
        return mistake(
            entry.line,
            QStringLiteral("unknown key %1; %2")
                .arg(entry.path,
                     nearest.isEmpty()
                         ? QStringLiteral("expected one of %1").arg(known.join(QLatin1String(", ")))
                         : QStringLiteral("did you mean %1?").arg(nearest)));
    }

    /// The checked value of one key of a table with these keys.
    Outcome<QVariant> valueOf(const TomlEntry& entry, const QString& name,
                              const std::vector<SettingSpec>& keys) const {
        QStringList known;
        for (const SettingSpec& spec : keys) {
            known.append(spec.key);
            if (spec.key != name)
                continue;
            const auto value = settingFromValue(spec, entry.value);
            if (!value)
                return mistake(entry.line, QStringLiteral("%1 is %2, but must be %3")
                                               .arg(entry.path, entry.shown, settingAllowed(spec)));
            return *value;
        }
        return unknown(entry, name, known);
    }

    Outcome<void> take(const TomlEntry& entry) {
        static const QRegularExpression taskPath(
            QRegularExpression::anchoredPattern(QStringLiteral("task\\[(\\d+)\\]\\.?(.*)")));
        static const QRegularExpression enginePath(
            QRegularExpression::anchoredPattern(QStringLiteral("engines\\.([^.]+)\\.(.+)")));
        if (const auto match = taskPath.match(entry.path); match.hasMatch())
            return takeTask(entry, match.captured(1).toULongLong(), match.captured(2));
        if (const auto match = enginePath.match(entry.path); match.hasMatch())
            return takeEngine(entry, match.captured(1), match.captured(2));
        if (entry.path == QLatin1String("task"))
            return mistake(
                entry.line,
                QStringLiteral("task is %1, but must be [[task]] tables").arg(entry.shown));
        if (entry.path.startsWith(QLatin1String("engines")))
            return mistake(
                entry.line,
                QStringLiteral("%1: expected a table [engines.NAME] with a kind").arg(entry.path));
        const auto value = valueOf(entry, entry.path, planKeys());
        if (!value)
            return fail(value.error());
        if (entry.path == QLatin1String("name"))
            m_plan.name = value->toString();
        else if (entry.path == QLatin1String("limit"))
            m_plan.limit = value->toInt();
        else if (entry.path == QLatin1String("profile"))
            m_plan.profile = value->toString();
        else if (entry.path == QLatin1String("patience_seconds"))
            m_plan.patience = seconds(value->toDouble());
        else
            for (const auto each : {ExecutionStrategy::Serial, ExecutionStrategy::Parallel,
                                    ExecutionStrategy::ParallelLimited})
                if (toString(each) == value->toString())
                    m_plan.strategy = each;
        return {};
    }

    static Duration seconds(double count) {
        return Duration(static_cast<qint64>(std::llround(count * 1e9)));
    }

    Outcome<void> takeTask(const TomlEntry& entry, quint64 index, const QString& name) {
        if (index >= maxTasksOfPlan)
            return mistake(entry.line,
                           QStringLiteral("a plan has at most %1 tasks").arg(maxTasksOfPlan));
        while (m_drafts.size() <= index)
            m_drafts.push_back({{}, entry.line, 1});
        if (name.isEmpty())
            return {}; // an empty table: what it lacks is said at the end
        DraftTask& draft = m_drafts[index];
        const auto value = valueOf(entry, name, taskKeys());
        if (!value)
            return fail(value.error());
        if (name == QLatin1String("timeout_seconds"))
            draft.spec.timeout = seconds(value->toDouble());
        else if (name == QLatin1String("repeat"))
            draft.repeat = value->toInt();
        else if (name == QLatin1String("file"))
            draft.spec.file = QDir::cleanPath(QDir(m_folder).absoluteFilePath(value->toString()));
        else
            *textOf(draft.spec, name) = value->toString();
        return {};
    }

    static QString* textOf(TaskSpec& spec, const QString& name) {
        if (name == QLatin1String("id"))
            return &spec.id;
        if (name == QLatin1String("engine"))
            return &spec.engine;
        return name == QLatin1String("model") ? &spec.model : &spec.prompt;
    }

    Outcome<void> takeEngine(const TomlEntry& entry, const QString& name, const QString& option) {
        if (!isName(name))
            return mistake(entry.line,
                           QStringLiteral("the engine's name %1 must be letters, digits, '_', '-' "
                                          "and '.', at most 64")
                               .arg(name));
        if (!entry.value.isValid() || entry.value.typeId() == QMetaType::QStringList)
            return mistake(entry.line, QStringLiteral("%1 is %2, but must be a text, a number or "
                                                      "true or false")
                                           .arg(entry.path, entry.shown));
        auto engine = std::ranges::find(m_plan.engines, name, &EngineConfig::name);
        if (engine == m_plan.engines.end())
            engine = m_plan.engines.insert(engine, EngineConfig{name, {}, {}});
        if (option == QLatin1String("kind"))
            engine->kind = entry.value.toString();
        else
            engine->options[option] = entry.value.toString();
        m_engineLines.emplace(name, entry.line);
        return {};
    }

    Outcome<void> finish() {
        if (m_plan.engines.empty())
            return mistake(1, QStringLiteral("no engine: expected a table [engines.NAME]"));
        for (const EngineConfig& engine : m_plan.engines) {
            if (engine.kind.isEmpty())
                return mistake(m_engineLines[engine.name],
                               QStringLiteral("engines.%1.kind is missing: expected the kind of "
                                              "engine, such as \"mock\" or \"openai\"")
                                   .arg(engine.name));
        }
        if (m_drafts.empty())
            return mistake(1, QStringLiteral("no task: expected at least one [[task]]"));
        QSet<QString> ids;
        for (std::size_t i = 0; i < m_drafts.size(); ++i) {
            if (auto added = addTasks(m_drafts[i], i, ids); !added)
                return added;
        }
        return {};
    }

    Outcome<void> addTasks(DraftTask& draft, std::size_t index, QSet<QString>& ids) {
        TaskSpec& spec = draft.spec;
        const QString where = QStringLiteral("task[%1]").arg(index);
        if (spec.id.isEmpty())
            spec.id = QString::number(index + 1);
        if (!isName(spec.id))
            return mistake(draft.line,
                           QStringLiteral("%1.id is \"%2\", but must be letters, digits, '_', '-' "
                                          "and '.', at most 64")
                               .arg(where, spec.id.left(80)));
        if (spec.engine.isEmpty() && m_plan.engines.size() == 1)
            spec.engine = m_plan.engines.front().name;
        if (!m_plan.engine(spec.engine)) {
            QStringList known;
            for (const EngineConfig& engine : m_plan.engines)
                known.append(engine.name);
            return mistake(draft.line,
                           QStringLiteral("%1.engine is \"%2\", but must be one of %3")
                               .arg(where, spec.engine.left(80), known.join(QLatin1String(", "))));
        }
        if (spec.prompt.isEmpty() && spec.file.isEmpty())
            return mistake(draft.line,
                           QStringLiteral("%1 has neither a prompt nor a file").arg(where));
        if (m_plan.tasks.size() + static_cast<std::size_t>(draft.repeat) > maxTasksOfPlan)
            return mistake(draft.line,
                           QStringLiteral("a plan has at most %1 tasks").arg(maxTasksOfPlan));
        for (int i = 1; i <= draft.repeat; ++i) {
            TaskSpec task = spec;
            if (draft.repeat > 1)
                task.id += QStringLiteral("-%1").arg(i);
            if (ids.contains(task.id))
                return mistake(draft.line,
                               QStringLiteral("%1: the id \"%2\" is taken already; ids are unique "
                                              "in a plan")
                                   .arg(where, task.id));
            ids.insert(task.id);
            m_plan.tasks.push_back(std::move(task));
        }
        return {};
    }

    QString m_file;
    QString m_folder;
    ExecutionPlan m_plan;
    std::vector<DraftTask> m_drafts;
    std::map<QString, int> m_engineLines;
};

} // namespace

Outcome<ExecutionPlan> readPlan(const QByteArray& toml, const QString& fileName,
                                const QString& folder) {
    return PlanReader(fileName, folder).read(toml);
}

Outcome<ExecutionPlan> readPlanFile(const QString& path) {
    // Opening a pipe would wait for somebody to write into it.
    if (const QFileInfo info(path); info.exists() && !info.isFile())
        return fail(FailureKind::Invalid,
                    QStringLiteral("%1: can't be read: it is no regular file").arg(path));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(FailureKind::Invalid,
                    QStringLiteral("%1: can't be read: %2").arg(path, file.errorString()));
    const QByteArray toml = file.read(maxPlanBytes + 1);
    if (file.error() != QFileDevice::NoError)
        return fail(FailureKind::Invalid,
                    QStringLiteral("%1: can't be read: %2").arg(path, file.errorString()));
    if (toml.size() > maxPlanBytes)
        return fail(FailureKind::Invalid,
                    QStringLiteral("%1: is longer than %2 bytes, too long for a plan")
                        .arg(path)
                        .arg(maxPlanBytes));
    return readPlan(toml, path, QFileInfo(path).absolutePath());
}

} // namespace vigie
