#include "core/alerts/alertrule.h"

#include <algorithm>

namespace vigie {

const SourceStatus* AlertFacts::source(const SourceId& id) const {
    const auto found = std::ranges::find(sources, id, &SourceStatus::id);
    return found == sources.end() ? nullptr : &*found;
}

QString AlertFacts::nameOf(const SourceId& id) const {
    const SourceStatus* status = source(id);
    return status && !status->name.isEmpty() ? status->name : id.value();
}

QMap<QString, QString> labelsOf(const InstanceView& view) {
    QMap<QString, QString> labels{
        {QStringLiteral("source"), view.source.value()},
        {QStringLiteral("instance"), view.instance.id.value()},
    };
    const auto add = [&labels](const QString& name, const QString& value) {
        if (!value.isEmpty())
            labels.insert(name, value);
    };
    add(QStringLiteral("pool"), view.instance.pool);
    add(QStringLiteral("provider"), view.instance.providerName);
    add(QStringLiteral("zone"), view.instance.zone);
    return labels;
}

} // namespace vigie
