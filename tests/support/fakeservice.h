#pragma once

#include "tests/support/faultyserver.h"

#include <QMap>

#include <deque>

namespace vigie {

/// A small server that does what its kind does, and misbehaves on command.
class FakeService {
public:
    virtual ~FakeService() = default;

    QUrl url() const { return m_server.url(QString()); }
    FaultyServer& server() { return m_server; }
    /// The next requests get these, one each; the ones after are answered honestly again.
    void misbehave(std::vector<Fault> faults);
    /// Requests received whole, optionally of one method only.
    int received(const QByteArray& method = {}) const;

protected:
    FakeService();
    virtual Fault answer(const FaultyRequest& request) = 0;

    FaultyServer m_server;

private:
    std::deque<Fault> m_faults;
};

/// Ollama's management and generation, with two models.
class FakeOllama final : public FakeService {
public:
    QByteArrayList models{"llama3:8b", "gemma-2-2b:latest"};

protected:
    Fault answer(const FaultyRequest& request) override;
};

/// PostgREST over one table `jobs` with a primary key `id`, for one key.
class FakePostgrest final : public FakeService {
public:
    static constexpr const char* key = "anon-key-of-the-test";
    QMap<int, QByteArray> rows; ///< each a JSON object, by id

protected:
    Fault answer(const FaultyRequest& request) override;
};

/// An OpenAI-style speech server.
class FakeWhisper final : public FakeService {
public:
    bool hasHealth = true; ///< else only GET /v1/models tells that it is well

protected:
    Fault answer(const FaultyRequest& request) override;
};

/// One S3 bucket, in memory, which checks signatures as a server does: from the bytes that came.
class FakeS3 final : public FakeService {
public:
    static constexpr const char* accessKeyId = "AKIDFIXTURE";
    static constexpr const char* secret = "fixture/secret+key";
    static constexpr const char* bucket = "checkpoints";
    QMap<QByteArray, QByteArray> objects; ///< by decoded key

    /// Why the signature is wrong; empty when it is right.
    static QByteArray signatureProblem(const FaultyRequest& request);

protected:
    Fault answer(const FaultyRequest& request) override;

private:
    Fault list(const FaultyRequest& request) const;
    Fault object(const FaultyRequest& request, const QByteArray& key);
};

} // namespace vigie
