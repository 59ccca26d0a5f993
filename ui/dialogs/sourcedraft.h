#pragma once

#include "core/model/command.h"

#include <QString>

#include <vector>

namespace vigie {

/// A source as it stands in the form, before it is known to be right.
struct SourceDraft {
    enum class Access { None, Token, TokenFile, Password };
    enum class Field { Url, Token, TokenFile, Email, Password, CaFile, Interval };
    struct Mistake {
        Field field;
        QString message;
    };

    SourceId id; ///< empty: a new one
    QString name, kind, url;
    Access access = Access::None;
    QString token, tokenFile, email, password, caFile;
    double intervalSeconds = 2;

    static SourceDraft of(const SourceConfig& config);
    /// What is wrong, at its field; empty when config() may be used.
    std::vector<Mistake> mistakes(const std::vector<SourceConfig>& others) const;
    /// What is permitted but unwise; empty: nothing.
    QString warning() const;
    SourceConfig config() const;
};

/// The id a source gets from its address: the same address is the same source.
SourceId sourceIdOf(const QUrl& url);

} // namespace vigie
