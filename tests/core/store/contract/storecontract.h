#pragma once

#include "core/store/sql/connection.h"
#include "tests/core/store/contract/storefixture.h"

namespace vigie {

/// Everything that core/store/store.h promises, as tests that any database must pass. Each backend
/// derives a test of its own and adds what is true of it alone.
class StoreContract : public StoreFixture {
    Q_OBJECT

    /// Makes a database at `m_place` by these statements, each ended by ";\n".
    virtual bool makeDatabase(const QByteArray& statements) = 0;
    /// Runs a statement as a stranger at the open database; a table is named {name}.
    virtual bool tamper(const QByteArray& statement) = 0;
    /// The file in tests/data/schema.
    virtual QString schemaFile(int version) const = 0;
    /// A connection to the database at `m_place`, which is neither migrated nor changed by that.
    virtual Outcome<std::unique_ptr<stores::sql::Connection>> connectAsItIs() = 0;
    /// Opens what a program of that schema version left behind.
    void openOld(int version);
    /// What makes a database say that it has this schema version, for makeDatabase().
    virtual QString saysVersion(int version) const = 0;

    std::vector<TableRows> removed(RetentionCut cut);
    QStringList entryIds(); ///< of the log, oldest first
    void fillLog();

private Q_SLOTS:
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
    void aDatabaseOfAnyVersionIsBroughtUp_data();
    void aDatabaseOfAnyVersionIsBroughtUp();

    // the log and the history
    void anActionLogEntryEndsOnce();
    void anEndWithoutABeginningIsNoFailure();
    void logsAreFilteredNewestFirst();
    void pagesOfTheLogMeetWithoutGapOrOverlap();
    void totalsCountWhatFitsTheQuery();
    void historyIsTheNewestPartOldestFirst();

    // the chain of the log's events
    void aLogThatNobodyTouchedIsWhole();
    void whatWasDoneToTheLogIsNamed_data();
    void whatWasDoneToTheLogIsNamed();
    void aLogWrittenAnewIsFoundByAKnownHead();
    void entriesFromBeforeTheChainAreInIt_data();
    void entriesFromBeforeTheChainAreInIt();

    // retention
    void whatIsLeftOfTheLogBeginsAfterASealedAnchor();
    void aForgedAnchorIsFound_data();
    void aForgedAnchorIsFound();
    void theLogIsCutInBatches();
    void timesThatCannotBeAreNoAge();
    void oldHistoryGoesButTheNewestOfEachStays();
    void tokensInAllOutliveTheirEvents();
    void tokensOfBeforeAreInTheTotals();
    void howLargeItIsIsTold();
    void whoseLeaseHasEndedRemovesNothing();

    // access
    void tokensAreKeptByName();
    void aRemovedTokenIsGone();
    void anAnswerIsRememberedOnce();
    void ofManyAnswersToOneKeyAllGetTheFirst();

    // leases and claims
    void tokensOfLeasesGrow();
    void aClaimIsGrantedOnceAndGivenBack();
    void whoseLeaseHasEndedWritesNothing();
    void claimsOfAnEndedLeaseAreFree();
    void whatWasBegunUnderAnEndedLeaseIsForgotten();
    void namedInstancesAreReadAlone();
    void aBeatOfAnOlderIncarnationIsNotStamped();

    // commands and events
    void aCommandIsInTheQueueOnce();
    void aCommandComesWithItsChange();
    void aCommandIsTakenByKindAndSettledOnce();
    void aCommandThatFailedWaitsAndCounts();
    void aCommandAskedAnewIsDeliveredAnew();
    void aCommandOfADeadOwnerIsDeliveredAgain();
    void whoseLeaseHasEndedSettlesNothing();
    void commandsSurviveReopening();
    void finopsEventsAreReadByTheirNumbers();
    void tokensAreSummedByInstance();

    // what instances did
    void samplesAreReadByTimeAndInstance();
    void oldSamplesAreRemovedFromTheOldest();
};

} // namespace vigie
