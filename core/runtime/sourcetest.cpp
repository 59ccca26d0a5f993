#include "core/runtime/sourcetest.h"

#include "core/base/eventual.h"
#include "core/base/timeformat.h"

#include <QHostInfo>
#include <QSslCertificate>
#include <QSslCipher>
#include <QSslSocket>

#include <memory>

namespace vigie {

using namespace std::chrono_literals;

namespace {

constexpr Duration stepLimit = 5s;

/// An eventual resumes its coroutine inside a signal; what sent the signal must outlive that.
struct DeleteLater {
    void operator()(QObject* object) const {
        object->disconnect();
        object->deleteLater();
    }
};
template <typename T>
using Lasting = std::unique_ptr<T, DeleteLater>;

/// The addresses of a host, or a sentence.
Task<Outcome<QString>> resolve(Clock& clock, QString host, std::stop_token stop) {
    const Eventual<Outcome<QString>> found;
    const Lasting<QObject> context(new QObject);
    QHostInfo::lookupHost(host, context.get(), [found](const QHostInfo& info) {
        QStringList addresses;
        for (const QHostAddress& address : info.addresses())
            addresses << address.toString();
        if (addresses.isEmpty())
            found.resolve(fail(FailureKind::Network, info.errorString()));
        else
            found.resolve(addresses.join(QStringLiteral(", ")));
    });
    const Timer limit = clock.schedule(stepLimit, [found] {
        found.resolve(fail(FailureKind::Timeout, QStringLiteral("no answer within 5 s")));
    });
    const std::stop_callback onStop(
        stop, [found] { found.resolve(fail(FailureKind::Cancelled, QStringLiteral("ended"))); });
    Outcome<QString> outcome = co_await found;
    co_return outcome;
}

QString describeTls(const QSslSocket& socket) {
    const QSslCertificate certificate = socket.peerCertificate();
    return QStringLiteral("%1, certificate of %2, valid until %3")
        .arg(socket.sessionCipher().protocolString(), certificate.subjectDisplayName(),
             certificate.expiryDate().toUTC().toString(QStringLiteral("yyyy-MM-dd")));
}

/// Opens a connection, with TLS when `tls` is given; the value says how.
Task<Outcome<QString>> reach(Clock& clock, QUrl url, std::optional<QSslConfiguration> tls,
                             std::stop_token stop) {
    const MonotonicTime begun = clock.now();
    const Eventual<Outcome<QString>> reached;
    const Lasting<QSslSocket> socket(new QSslSocket);
    QSslSocket* const raw = socket.get();
    QStringList* const complaints = new QStringList;
    const std::unique_ptr<QStringList> owner(complaints);
    QObject::connect(raw, &QSslSocket::sslErrors, raw,
                     [complaints](const QList<QSslError>& errors) {
                         for (const QSslError& error : errors)
                             *complaints << error.errorString();
                     });
    QObject::connect(raw, &QSslSocket::errorOccurred, raw, [reached, raw, complaints] {
        QString says =
            complaints->isEmpty() ? raw->errorString() : complaints->join(QStringLiteral("; "));
        const auto kind = complaints->isEmpty() ? FailureKind::Network : FailureKind::Tls;
        reached.resolve(fail(kind, std::move(says)));
    });
    if (tls) {
        QObject::connect(raw, &QSslSocket::encrypted, raw,
                         [reached, raw] { reached.resolve(describeTls(*raw)); });
        raw->setSslConfiguration(*tls);
        raw->connectToHostEncrypted(url.host(), static_cast<quint16>(url.port(443)));
    } else {
        const int port = url.port(url.scheme() == QLatin1String("https") ? 443 : 80);
        QObject::connect(raw, &QSslSocket::connected, raw, [reached, raw, begun, &clock] {
            reached.resolve(QStringLiteral("%1 port %2 in %3")
                                .arg(raw->peerAddress().toString())
                                .arg(raw->peerPort())
                                .arg(humanDuration(clock.now() - begun)));
        });
        raw->connectToHost(url.host(), static_cast<quint16>(port));
    }
    const Timer limit = clock.schedule(stepLimit, [reached] {
        reached.resolve(fail(FailureKind::Timeout, QStringLiteral("no answer within 5 s")));
    });
    const std::stop_callback onStop(stop, [reached] {
        reached.resolve(fail(FailureKind::Cancelled, QStringLiteral("ended")));
    });
    Outcome<QString> outcome = co_await reached;
    raw->disconnect(); // `complaints` dies before the socket does
    co_return outcome;
}

using Line = std::function<void(QString)>;

bool tell(const Line& line, const QString& step, const Outcome<QString>& outcome) {
    line(QStringLiteral("%1 %2: %3")
             .arg(outcome ? QStringLiteral("ok") : QStringLiteral("FAILED"), step,
                  outcome ? *outcome : outcome.error().message));
    return outcome.has_value();
}

QString signIn(const SourceConfig& config, const SourceReading& reading) {
    if (!reading.actor.isEmpty())
        return QStringLiteral("accepted as %1 (%2)").arg(reading.actor, reading.role);
    if (config.email.isEmpty() && config.secret.isEmpty() && config.tokenFile.isEmpty())
        return QStringLiteral("none needed");
    return QStringLiteral("accepted");
}

QString contract(const SourceReading& reading, const QString& kind) {
    QString says = kind;
    if (reading.capabilities.instances)
        says += reading.capabilities.assessments ? QStringLiteral(", parts A and B")
                                                 : QStringLiteral(", part A only");
    if (!reading.version.isEmpty())
        says += QStringLiteral(", version %1").arg(reading.version);
    if (reading.instances)
        says += QStringLiteral(", %1 instances").arg(reading.instances->size());
    if (reading.capabilities.metrics)
        says += QStringLiteral(", %1 latency series").arg(reading.latencies.size());
    return says;
}

QString clockSays(const SourceReading& reading, WallTime now) {
    if (!reading.serverTime)
        return QStringLiteral("the source does not tell its time");
    const Duration offset = *reading.serverTime - now;
    if (std::chrono::abs(offset) < 1s)
        return QStringLiteral("within a second of ours");
    return QStringLiteral("%1 %2 ours (corrected for)")
        .arg(humanDuration(std::chrono::abs(offset)),
             offset > Duration::zero() ? QStringLiteral("ahead of") : QStringLiteral("behind"));
}

void tellReading(const Line& line, const SourceConfig& config, const SourceReading& reading,
                 WallTime now) {
    tell(line, QStringLiteral("Sign in"), signIn(config, reading));
    tell(line, QStringLiteral("Contract"),
         contract(reading, reading.kind.isEmpty() ? config.kind : reading.kind));
    tell(line, QStringLiteral("Clock"), clockSays(reading, now));
    for (const QString& notice : reading.notices)
        line(QStringLiteral("note: ") + notice);
}

} // namespace

Task<> testSource(SourceTestTools tools, SourceConfig config, Line line, std::stop_token stop) {
    const Outcome<QString> found = co_await resolve(tools.clock, config.url.host(), stop);
    if (!tell(line, QStringLiteral("Resolve"), found))
        co_return;
    const Outcome<QString> connected = co_await reach(tools.clock, config.url, std::nullopt, stop);
    if (!tell(line, QStringLiteral("Connect"), connected))
        co_return;
    const auto tls = tools.tls(config);
    if (!tls) {
        line(QStringLiteral("FAILED TLS: ") + tls.error().message);
        co_return;
    }
    if (config.url.scheme() == QLatin1String("https")) {
        std::optional<QSslConfiguration> configuration = *tls;
        Outcome<QString> secured =
            co_await reach(tools.clock, config.url, std::move(configuration), stop);
        if (!secured && secured.error().kind == FailureKind::Tls)
            secured.error().message += QStringLiteral(" (give its CA with --ca or as \"CA file\")");
        if (!tell(line, QStringLiteral("TLS"), secured))
            co_return;
    } else {
        tell(line, QStringLiteral("TLS"), QStringLiteral("none (http)"));
    }
    auto opened = tools.open(config);
    if (!opened) {
        line(QStringLiteral("FAILED Settings: ") + opened.error().message);
        co_return;
    }
    const auto reading = co_await opened->source->poll(std::move(stop));
    if (!reading) {
        const bool refused = reading.error().kind == FailureKind::Unauthorized ||
                             reading.error().kind == FailureKind::Forbidden;
        line(QStringLiteral("FAILED %1: %2")
                 .arg(refused ? QStringLiteral("Sign in") : QStringLiteral("Contract"),
                      reading.error().message));
        co_return;
    }
    tellReading(line, config, *reading, tools.clock.wallNow());
}

} // namespace vigie
