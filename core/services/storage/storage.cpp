#include "core/services/service.h"
#include "core/services/servicesettings.h"
#include "core/services/storage/storageclient.h"
#include "core/services/storage/storagesettings.h"

namespace vigie {

namespace {

/// Says whether the bucket can be listed with these credentials.
class StorageService final : public Service {
public:
    StorageService(const ServiceContext& context, StorageOptions options)
        : m_client(context.clock, context.client, options), m_bucket(options.bucket) {}

    Task<Outcome<ServiceFinding>> check(std::stop_token stop) override {
        const auto listing = co_await m_client.list({}, {}, 1, std::move(stop));
        if (!listing)
            co_return fail(listing.error());
        const QString found = listing->objects.empty() ? QStringLiteral("bucket %1 is empty")
                                                       : QStringLiteral("bucket %1 can be listed");
        co_return ServiceFinding{{}, found.arg(m_bucket)};
    }
    const Endpoint& endpoint() const override { return m_client.endpoint(); }

private:
    StorageClient m_client;
    QString m_bucket;
};

Outcome<std::unique_ptr<Service>> create(const ServiceContext& context) {
    auto options = storageOptionsFrom(context.settings);
    if (!options)
        return fail(options.error());
    options->classifier = context.classifier;
    options->resilienceEnabled = context.resilienceEnabled;
    options->breakerEnabled = context.breakerEnabled;
    options->shared = context.shared;
    options->profiles = context.profiles;
    return std::make_unique<StorageService>(context, std::move(*options));
}

} // namespace

namespace services::storage {

ServiceDescriptor descriptor() {
    ServiceDescriptor made;
    made.name = QStringLiteral("storage");
    made.summary = QStringLiteral("Storage: objects in an S3-style bucket");
    made.settings = storageSettings();
    made.create = create;
    return made;
}

} // namespace services::storage

} // namespace vigie
