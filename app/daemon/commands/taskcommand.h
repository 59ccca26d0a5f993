#pragma once

#include "app/daemon/commands/command.h"
#include "core/tasks/workspace/taskworkspace.h"

namespace vigie::commands {

/// Whether a command makes the folders that it works in, looks at what is there, or goes on with a
/// run, of which checkpoints may be all there is.
enum class TaskAccess { Makes, LooksAt, Resumes };

/// What all commands about tasks share: the flags of [tasks] and [resilience], --json, and an
/// opened workspace when they run.
Command taskCommand(QStringList words, QString summary, std::vector<OperandSpec> operands,
                    std::function<Task<int>(Context, TaskWorkspace&)> run,
                    std::vector<SwitchSpec> switches = {}, TaskAccess access = TaskAccess::LooksAt);

/// Whether --json was given.
bool wantsJson(const Context& context);
/// One line: text, or JSON that is made only when it is asked for.
void sayLine(const Context& context, const QString& text, const QByteArray& json);
/// Sentences on stderr.
void warn(const QStringList& notes);

/// `task run` and `task resume`: says each task as it ends, then how the run ended. 0 when all
/// tasks are done, 1 when some failed or are left.
Task<int> runToItsEnd(Context context, TaskWorkspace& workspace, QueueRunner& runner,
                      Task<Outcome<RunSummary>> running);
QueueRunner::Told tellTasks(const Context& context);

} // namespace vigie::commands
