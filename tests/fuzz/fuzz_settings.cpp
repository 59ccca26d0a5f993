#include "core/config/commandline.h"
#include "core/config/tomlcodec.h"

#include <cstdint>
#include <cstdlib>

using namespace vigie;

namespace {

SettingSpec spec(const char* section, const char* key, SettingType type, QVariant fallback) {
    SettingSpec s;
    s.section = QString::fromLatin1(section);
    s.key = QString::fromLatin1(key);
    s.type = type;
    s.fallback = std::move(fallback);
    s.flag = s.key;
    s.seedVariable = QStringLiteral("SEED_") + s.key;
    s.seedScale = 0.001;
    return s;
}

ProgramSpec program() {
    ProgramSpec p;
    p.name = QStringLiteral("fuzz");
    p.settings = {spec("", "text", SettingType::Text, QString()),
                  spec("a", "integer", SettingType::Integer, 1),
                  spec("a", "number", SettingType::Number, 1.0),
                  spec("a.b", "seconds", SettingType::Seconds, 1.0),
                  spec("a.b", "boolean", SettingType::Boolean, false),
                  spec("c", "list", SettingType::TextList, QStringList())};
    p.switches = {{QStringLiteral("switch"), {}, {}, false, {}},
                  {QStringLiteral("value"), QStringLiteral("V"), {}, true, {}}};
    return p;
}

void require(bool condition) {
    if (!condition)
        std::abort();
}

/// What was accepted must print as TOML, and read back as the same values.
void checkPrinted(const QString& printed) {
    const auto entries = readToml(printed.toUtf8(), QStringLiteral("printed"));
    require(entries.has_value() && entries->size() == program().settings.size());
}

} // namespace

/// A TOML document as it is; and its lines as flags, and as values of every variable.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const QByteArray bytes(reinterpret_cast<const char*>(data), qsizetype(size));
    const auto entries = readToml(bytes, QStringLiteral("fuzz.toml"));
    require(entries.has_value() || entries.error().message.startsWith(u"fuzz.toml"));

    const QString text = QString::fromUtf8(bytes);
    const auto quoted = readToml("k = " + tomlQuoted(text).toUtf8(), QStringLiteral("quoted"));
    require(quoted.has_value() && quoted->front().value.toString().toUtf8() == text.toUtf8());

    const QStringList lines = text.split(u'\n');
    auto line = CommandLine::read(program(), lines, {});
    if (line)
        checkPrinted(line->settings().print());

    QHash<QString, QString> environment;
    qsizetype i = 0;
    for (const SettingSpec& each : program().settings) {
        environment.insert(each.variable(), lines.value(i++));
        environment.insert(each.seedVariable, lines.value(i++));
    }
    line = CommandLine::read(program(), {}, environment);
    if (line)
        checkPrinted(line->settings().print());
    return 0;
}
