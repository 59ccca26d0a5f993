#include "core/orchestrator/api/actionrequest.h"
#include "core/orchestrator/api/requestcodec.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>

namespace vigie {

namespace {

/// Reads one object; keeps the first mistake.
class ObjectReader {
public:
    ObjectReader(const QJsonObject& object, QString where, const QStringList& known)
        : m_object(object), m_where(std::move(where)) {
        for (const QString& key : object.keys()) {
            if (!known.contains(key))
                refuse(key, QStringLiteral("is not known; there are: ") +
                                known.join(QLatin1String(", ")));
        }
    }

    QString text(const QString& key, int most = 200) {
        const QJsonValue value = m_object.value(key);
        if (value.isUndefined() || value.isNull())
            return {};
        if (!value.isString() || value.toString().size() > most)
            refuse(key, QStringLiteral("must be a text of at most %1 characters").arg(most));
        return value.toString();
    }
    bool flag(const QString& key) {
        const QJsonValue value = m_object.value(key);
        if (!value.isUndefined() && !value.isNull() && !value.isBool())
            refuse(key, QStringLiteral("must be true or false"));
        return value.toBool();
    }
    double number(const QString& key, double fallback, double least, double most) {
        const QJsonValue value = m_object.value(key);
        if (value.isUndefined() || value.isNull())
            return fallback;
        const double number = value.toDouble(NAN);
        if (!(number >= least && number <= most)) {
            refuse(key, QStringLiteral("must be a number from %1 to %2")
                            .arg(QString::number(least, 'f', 0), QString::number(most, 'f', 0)));
            return fallback;
        }
        return number;
    }
    int whole(const QString& key, int fallback, int least, int most) {
        const double value = number(key, fallback, least, most);
        if (value != std::floor(value))
            refuse(key, QStringLiteral("must be a whole number"));
        return static_cast<int>(value);
    }
    QStringList texts(const QString& key, int most) {
        const QJsonValue value = m_object.value(key);
        if (value.isUndefined() || value.isNull())
            return {};
        const QJsonArray list = value.isString() ? QJsonArray{value} : value.toArray();
        QStringList read;
        for (const QJsonValue& each : list) {
            if (!each.isString() || each.toString().isEmpty() || each.toString().size() > 200)
                refuse(key, QStringLiteral("must be a list of texts"));
            read.append(each.toString());
        }
        if ((!value.isArray() && !value.isString()) || list.isEmpty())
            refuse(key, QStringLiteral("must be a list of texts that is not empty"));
        if (list.size() > most)
            refuse(key, QStringLiteral("names %1; at most %2 at once").arg(list.size()).arg(most));
        return read;
    }
    QJsonObject object(const QString& key) {
        const QJsonValue value = m_object.value(key);
        if (!value.isObject())
            refuse(key, QStringLiteral("must be an object"));
        return value.toObject();
    }
    bool has(const QString& key) const {
        return m_object.contains(key) && !m_object.value(key).isNull();
    }
    void refuse(const QString& key, const QString& why) {
        if (m_mistake)
            return;
        m_mistake = Failure{FailureKind::Invalid,
                            QStringLiteral("field \"%1%2\" %3").arg(m_where, key.left(64), why),
                            0,
                            {},
                            QStringLiteral("invalid_request"),
                            {}};
    }
    const std::optional<Failure>& mistake() const { return m_mistake; }

private:
    const QJsonObject& m_object;
    QString m_where;
    std::optional<Failure> m_mistake;
};

QString key(const char* name) {
    return QString::fromLatin1(name);
}

Outcome<InstanceFilter> readFilter(const QJsonObject& object) {
    ObjectReader reader(object, key("filter."),
                        {key("status"), key("pool"), key("zone"), key("model"), key("verdict")});
    InstanceFilter filter;
    if (reader.has(key("status"))) {
        filter.statuses = reader.texts(key("status"), 20);
        for (const QString& word : filter.statuses) {
            if (instanceStatusFromString(word) == InstanceStatus::Unknown)
                reader.refuse(key("status"),
                              QStringLiteral("has \"%1\", which is no status").arg(word.left(64)));
        }
    }
    filter.pool = reader.text(key("pool"));
    filter.zone = reader.text(key("zone"));
    filter.model = reader.text(key("model"));
    filter.verdict = reader.text(key("verdict"));
    static const QStringList verdicts{key("alive"), key("suspect"), key("dead"), key("unknown"),
                                      key("gone")};
    if (!filter.verdict.isEmpty() && !verdicts.contains(filter.verdict))
        reader.refuse(key("verdict"),
                      QStringLiteral("must be one of ") + verdicts.join(QLatin1String(", ")));
    if (filter == InstanceFilter{})
        reader.refuse(key("*"), QStringLiteral("must narrow something: an empty filter would mean "
                                               "every instance"));
    if (reader.mistake())
        return fail(*reader.mistake());
    return filter;
}

Outcome<WaveOptions> readWaves(const QJsonObject& object, const WaveOptions& defaults) {
    ObjectReader reader(object, key("waves."),
                        {key("canary"), key("size"), key("pause_s"), key("max_failed_share")});
    WaveOptions waves;
    waves.canary = reader.whole(key("canary"), defaults.canary, 0, maxActionTargets);
    waves.size = reader.whole(key("size"), defaults.size, 1, maxActionTargets);
    const double pause = reader.number(
        key("pause_s"), std::chrono::duration<double>(defaults.pause).count(), 0, 86400);
    waves.pause = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(pause));
    waves.maxFailedShare = reader.number(key("max_failed_share"), defaults.maxFailedShare, 0, 1);
    if (reader.mistake())
        return fail(*reader.mistake());
    return waves;
}

void readTarget(ObjectReader& reader, ActionRequest& request) {
    const QString word = reader.text(key("action"));
    request.action = actionFromString(word);
    if (!request.action) {
        QStringList words;
        for (const Action action : allActions)
            words.append(toString(action));
        reader.refuse(key("action"),
                      QStringLiteral("must be one of ") + words.join(QLatin1String(", ")));
        return;
    }
    if (reader.has(key("ids")) == reader.has(key("filter")))
        reader.refuse(key("ids"), QStringLiteral("or else \"filter\" must say what is meant"));
    if (reader.has(key("filter")) && *request.action == Action::DeleteVolume)
        reader.refuse(key("filter"), QStringLiteral("chooses instances; volumes are named by "
                                                    "\"ids\""));
    if (reader.has(key("ids")))
        request.ids = reader.texts(key("ids"), maxActionTargets);
    for (QString& id : request.ids) { // as paths take them: a UUID in upper case is the same one
        if (const QString uuid = canonicalUuid(id); !uuid.isEmpty())
            id = uuid;
    }
}

} // namespace

bool fits(const InstanceFilter& filter, const Instance& instance, const QString& verdict) {
    const auto agrees = [](const QString& wanted, const QString& is) {
        return wanted.isEmpty() || wanted == is;
    };
    return (filter.statuses.isEmpty() || filter.statuses.contains(toString(instance.status))) &&
           agrees(filter.pool, instance.pool) && agrees(filter.zone, instance.zone) &&
           agrees(filter.model, instance.modelId) && agrees(filter.verdict, verdict);
}

Outcome<ActionRequest> decodeActionRequest(const QByteArray& body, const WaveOptions& defaults,
                                           bool planAllowed) {
    if (auto wrong = whyNoJsonObject(body))
        return fail(std::move(*wrong));
    const QJsonObject object = QJsonDocument::fromJson(body).object();
    QStringList known{key("action"),   key("ids"),          key("filter"), key("reason"),
                      key("override"), key("expires_in_s"), key("waves")};
    if (planAllowed)
        known.append(key("plan_id"));
    ObjectReader reader(object, {}, known);
    ActionRequest request;
    request.planId = reader.text(key("plan_id"));
    request.reason = reader.text(key("reason"), 1000);
    request.override = reader.flag(key("override"));
    if (request.planId.isEmpty())
        readTarget(reader, request);
    else if (reader.has(key("action")) || reader.has(key("ids")) || reader.has(key("filter")))
        reader.refuse(key("plan_id"), QStringLiteral("says already what is done to which"));
    if (reader.has(key("expires_in_s"))) {
        const double seconds = reader.number(key("expires_in_s"), 0, 1, 366.0 * 86400);
        request.expiresIn =
            std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
    }
    if (!reader.mistake() && reader.has(key("filter"))) {
        auto filter = readFilter(reader.object(key("filter")));
        if (!filter)
            return fail(filter.error());
        request.filter = *filter;
    }
    if (!reader.mistake() && reader.has(key("waves"))) {
        const auto waves = readWaves(reader.object(key("waves")), defaults);
        if (!waves)
            return fail(waves.error());
        request.waves = *waves;
    }
    if (reader.mistake())
        return fail(*reader.mistake());
    return request;
}

} // namespace vigie
