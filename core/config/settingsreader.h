#pragma once

#include "core/config/settings.h"
#include "core/config/tomlcodec.h"

#include <QSet>

namespace vigie {

/// Merges all sources into Settings and gathers every mistake on the way.
class Settings::Reader {
public:
    Reader(std::vector<SettingSpec> specs, const SettingsInput& input);

    Outcome<Settings> read();

private:
    enum class Source { Flag, Variable, SeedVariable, File };
    struct Candidate {
        Source source;
        QVariant value;
        QString origin;
    };

    std::optional<Failure> declarationError() const;
    std::optional<Failure> readFile();
    void takeEntry(const TomlEntry& entry);
    QString unknownKey(const TomlEntry& entry) const;
    void readVariables();
    void takeVariable(const SettingSpec& spec, const QString& name, Source source);
    void findUnknownVariables();
    void readFlags();
    void refuse(const SettingSpec& spec, const QString& where, const QString& shown,
                double scale = 1);
    Value decide(const SettingSpec& spec);

    std::vector<SettingSpec> m_specs;
    const SettingsInput& m_input;
    QHash<QString, qsizetype> m_byPath;
    QStringList m_paths;
    QHash<QString, std::vector<Candidate>> m_candidates; ///< by path, in any order
    QStringList m_mistakes;
    QStringList m_warnings;
};

} // namespace vigie
