#pragma once

#include "core/base/clock.h"
#include "core/base/outcome.h"
#include "core/base/task.h"
#include "core/orchestrator/api/call.h"
#include "core/store/store.h"

#include <memory>
#include <optional>

namespace vigie {

/// The token of an Authorization header "Bearer <token>"; empty when there is none.
QByteArray bearerOf(const ServerRequest& request);

/// Who may call: the API tokens of the store, known by their hashes only.
class AccessControl {
public:
    AccessControl(Clock& clock, AccessStore& store) : m_clock(clock), m_store(store) {}
    AccessControl(const AccessControl&) = delete;
    AccessControl& operator=(const AccessControl&) = delete;

    /// Reads the tokens. With none defined it makes an admin token and writes it to `tokenFile`
    /// (mode 0600). Returns the file when it holds a token that is good now, else an empty name.
    Task<Outcome<QString>> open(QString tokenFile);

    /// From now on reads the tokens every second: what `vigied token` and other daemons on the
    /// same store do counts here within two seconds. While the store is away those that are known
    /// stay good.
    void follow();

    /// Makes a token and returns it; only its hash is kept. Conflict when the name is taken.
    Task<Outcome<QString>> addToken(QString name, Role role,
                                    std::optional<WallTime> expiresAt = {});

    /// Nothing for a token that is unknown or expired.
    std::optional<Caller> callerOf(const QByteArray& token) const;

private:
    Task<Outcome<void>> read();
    Task<> readAgain();

    Clock& m_clock;
    AccessStore& m_store;
    std::vector<AccessToken> m_tokens;
    bool m_reading = false;
    std::unique_ptr<Ticker> m_ticker;
    TaskScope m_scope; ///< last: what reads is waited for
};

} // namespace vigie
