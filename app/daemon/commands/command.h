#pragma once

#include "core/base/task.h"
#include "core/config/commandline.h"

#include <functional>
#include <vector>

namespace vigie::commands {

constexpr int success = 0;
constexpr int runTimeFailure = 1;
constexpr int usageFailure = 2;
constexpr int migrationNeeded = 3; ///< of `vigied store migrate --dry-run`

/// What a running sub-command gets.
struct Context {
    Clock& clock;
    const CommandLine& line;
    std::stop_token stop; ///< requested by SIGTERM and SIGINT
    /// Reads file, variables and flags again, as they are now.
    std::function<Outcome<Settings>()> reread;
    /// What SIGHUP does from now on; empty: nothing.
    std::function<void(std::function<void()>)> onHangUp;
};

/// One sub-command of vigied, such as `vigied task run PLAN`. Its file makes the spec and calls
/// core; the logic is there.
struct Command {
    QStringList words; ///< {"task", "run"}
    QString summary;   ///< one sentence
    std::vector<OperandSpec> operands;
    std::vector<SwitchSpec> switches;
    /// Sections of daemonSettings() whose flags this command takes. Every key of the daemon may
    /// stand in the file and in variables, so that both share one configuration.
    QStringList sections;
    /// Keys that the daemon doesn't have, or has without a flag.
    std::vector<SettingSpec> settings{};
    /// Runs on the event loop and returns the exit code.
    std::function<Task<int>(Context)> run;
};

/// All sub-commands; commands.cpp lists them.
std::vector<Command> all();

/// `vigied service check NAME`, one for each service of this build.
std::vector<Command> serviceChecks();

/// `vigied simulate SCENARIO`
Command simulateFleet();

/// `vigied token create`, `list` and `revoke`
Command tokenCreate();
Command tokenList();
Command tokenRevoke();

/// `vigied store migrate`, `backup` and `restore`
Command storeMigrate();
Command storeBackup();
Command storeRestore();

/// `vigied log verify`
Command logVerify();

Command taskRun();
Command taskResume();
Command taskList();
Command taskShow();
Command dlqList();
Command dlqShow();
Command dlqReplay();
Command dlqEdit();
Command dlqDrop();
Command checkpointList();
Command checkpointShow();

/// Writes to stdout, at once.
void say(const QByteArray& text);
/// One line on stderr when the rules of `file` make calls fail on purpose.
void warnOfFaults(const QString& file);
/// One line on stderr, "vigied: ..."; returns the exit code for that failure: 2 for bad input.
int complain(const Failure& failure);

} // namespace vigie::commands
