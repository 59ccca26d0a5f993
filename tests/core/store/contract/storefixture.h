#pragma once

#include "core/store/store.h"
#include "tests/support/await.h"
#include "tests/support/samplerecords.h"

#include <QTest>

namespace vigie {

/// A test with an empty store, opened anew for each of its functions.
class StoreFixture : public QObject {
    Q_OBJECT

protected:
    /// The URL of an empty database; another one at each call.
    virtual QString newPlace() = 0;

    QString m_place;
    std::unique_ptr<Store> m_store;

    void reopen();
    Outcome<void> commit(ChangeSet set);
    FleetContents contents();
    std::vector<ActionLog> logs(ActionLogQuery query);
    LogCheck verified(std::optional<LogMark> known = {});
    static ChangeSet inserting(int seed);
    static const InstanceId& firstId();

private Q_SLOTS:
    void init();
    void cleanup();
};

} // namespace vigie
