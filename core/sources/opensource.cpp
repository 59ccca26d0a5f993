#include "core/sources/opensource.h"

#include "core/sources/autosource.h"

#include <QStringList>

namespace vigie {

Outcome<std::unique_ptr<Source>> openSource(const std::vector<SourceDescriptor>& kinds,
                                            SourceContext context) {
    const QString& wanted = context.config.kind;
    if (wanted.isEmpty())
        return std::make_unique<AutoSource>(kinds, std::move(context));
    QStringList known;
    for (const SourceDescriptor& kind : kinds) {
        if (kind.kind == wanted)
            return kind.create(std::move(context));
        known << kind.kind;
    }
    return fail(FailureKind::Invalid,
                QStringLiteral("There is no kind of source \"%1\"; known are: %2.")
                    .arg(wanted, known.join(QStringLiteral(", "))));
}

} // namespace vigie
