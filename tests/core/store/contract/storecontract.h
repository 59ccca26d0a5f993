#pragma once

#include "core/store/store.h"
#include "tests/support/await.h"
#include "tests/support/samplerecords.h"

#include <QTest>

namespace vigie {

/// Everything that core/store/store.h promises, as tests that any database must pass. Each backend
/// derives a test of its own and adds what is true of it alone.
class StoreContract : public QObject {
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
    static ChangeSet inserting(int seed);
    static const InstanceId& firstId();

private Q_SLOTS:
    void init();
    void cleanup();

    // the fleet
    void everythingReadsBackAfterReopening();
    void openingsAreCounted();
    void anUpdateNeedsTheStoredVersion();
    void ofManyWritersOfOneVersionOneWins();
    void conflictsThatAreNoVersions();
    void aSetThatFailsAtItsEndLeavesNothing();
    void textsOfEveryKindComeBack_data();
    void textsOfEveryKindComeBack();
    void numbersKeepTheirValue();
    void volumesAreReplacedById();
    void heartbeatsTouchNeitherVersionNorStatus();
    void aBatchOfHeartbeatsIsTakenInItsOrder();
    void manyHeartbeatsAtOnce();
    void manyCallsAtOnceAreAllAnswered();
    void whatWasAcknowledgedIsSeenByEveryReader();
    void closingFinishesWhatWasAsked();

    // the log and the history
    void anActionLogEntryEndsOnce();
    void anEndWithoutABeginningIsNoFailure();
    void logsAreFilteredNewestFirst();
    void pagesOfTheLogMeetWithoutGapOrOverlap();
    void totalsCountWhatFitsTheQuery();
    void historyIsTheNewestPartOldestFirst();

    // access
    void tokensAreKeptByName();
    void anAnswerIsRememberedOnce();
    void ofManyAnswersToOneKeyAllGetTheFirst();
};

} // namespace vigie
