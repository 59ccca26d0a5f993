#pragma once

#include "core/http/httpclient.h"
#include "core/providers/calltoken.h"
#include "core/providers/scaleway/scalewayid.h"
#include "core/providers/scaleway/scalewayoptions.h"
#include "core/providers/scaleway/scalewayserver.h"

#include <QHash>

#include <functional>

namespace vigie {

/// The calls to Scaleway's instance and block API that are needed here, one method each. Failures
/// are those of scalewayFailure(); NotFound is about the very id that was asked for. After a 429
/// nothing is sent until the time it named: calls fail with RateLimited at once. What is part of an
/// order carries its id in the header X-Correlation-Id.
class ScalewayApi {
public:
    /// Why no order may be sent now; asked before each call that changes something.
    using WhyNot = std::function<std::optional<Failure>()>;

    /// Both outlive it, and it outlives its calls.
    ScalewayApi(Clock& clock, HttpClient& client, ScalewayApiOptions options, WhyNot whyNot = {});

    Task<Outcome<ScalewayServer>> server(ScalewayId id, CallToken stop);
    /// All pages; with a tag only the servers that carry it. Malformed when fewer came than were
    /// announced: a list with a hole would be taken for all there is.
    Task<Outcome<std::vector<ScalewayServer>>> servers(QString zone, QString tag, CallToken stop);
    Task<Outcome<ScalewayServer>> createServer(QString zone, NewScalewayServer server,
                                               CallToken stop);
    Task<Outcome<void>> setServerTags(ScalewayId id, QStringList tags, CallToken stop);
    /// What cloud-init reads when the server boots.
    Task<Outcome<void>> setUserData(ScalewayId id, QByteArray userData, CallToken stop);
    Task<Outcome<void>> act(ScalewayId id, QString action, CallToken stop);
    Task<Outcome<void>> deleteServer(ScalewayId id, CallToken stop);

    Task<Outcome<ScalewayVolume>> volume(ScalewayVolumeApi api, ScalewayId id, CallToken stop);
    Task<Outcome<std::vector<ScalewayVolume>>> volumes(ScalewayVolumeApi api, QString zone,
                                                       CallToken stop);
    Task<Outcome<ScalewayVolume>> setVolumeTags(ScalewayVolumeApi api, ScalewayId id,
                                                QStringList tags, CallToken stop);
    Task<Outcome<void>> deleteVolume(ScalewayVolumeApi api, ScalewayId id, CallToken stop);

    Task<Outcome<std::vector<ScalewayType>>> serverTypes(QString zone, CallToken stop);
    /// "available", "scarce" or "shortage" by type.
    Task<Outcome<QHash<QString, QString>>> stock(QString zone, CallToken stop);

private:
    using Query = QList<QPair<QString, QString>>;

    QUrl url(ScalewayVolumeApi api, const QString& zone, const QString& path,
             const Query& query = {}) const;
    HttpRequest request(const QByteArray& method, QUrl url, QByteArray body = {}) const;
    Task<Outcome<HttpReply>> call(HttpRequest request, QString wantedId, CallToken stop);
    Task<Outcome<HttpReply>> products(QString zone, QString path, int page, CallToken stop);
    Task<Outcome<void>> command(HttpRequest request, QString wantedId, CallToken stop);

    template <typename T>
    using DecodePage = std::function<Outcome<ScalewayPage<T>>(const QByteArray&)>;
    template <typename T>
    Task<Outcome<std::vector<T>>> allPages(ScalewayVolumeApi api, QString zone, QString path,
                                           Query query, DecodePage<T> decode, CallToken stop);

    Clock& m_clock;
    HttpClient& m_client;
    ScalewayApiOptions m_options;
    WhyNot m_whyNot;
    MonotonicTime m_quietUntil{}; ///< nothing is sent before
};

} // namespace vigie
