#pragma once

#include "ui/dialogs/sourcebook.h"

#include <QSettings>

namespace vigie {

/// The operator's sources in the user's configuration; their secrets go to the system's keychain,
/// or stay in memory when there is none. No secret is ever written to the configuration.
class SavedSources final : public SourceBook {
public:
    /// `file` is an INI file; it and its folder are made on the first save.
    explicit SavedSources(const QString& file);

    std::vector<SourceConfig> sources() const override { return m_sources; }
    void save(const SourceConfig& source,
              std::function<void(SecretFate, const QString& why)> done) override;
    void remove(const SourceId& id) override;

    /// Gives each saved source with its secret, one by one as the keychain answers. One whose
    /// secret can't be had is given without it: the orchestrator will say what is missing.
    void load(std::function<void(const SourceConfig&)> each);

private:
    void write();
    void remember(const SourceConfig& source);

    QSettings m_settings;
    std::vector<SourceConfig> m_sources;
    QObject m_context; ///< of the keychain's answers
};

} // namespace vigie
