#include "app/daemon/commands/breakerreplay.h"
#include "app/daemon/commands/command.h"

#include <iterator>

namespace vigie::commands {

// Each is defined in a file of its own, <group><verb>.cpp, and listed once, here.

std::vector<Command> all() {
    std::vector<Command> commands;
    const auto add = [&commands](std::vector<Command> more) {
        commands.insert(commands.end(), std::make_move_iterator(more.begin()),
                        std::make_move_iterator(more.end()));
    };
    add({tokenCreate(), tokenList(), tokenRevoke()});
    add({storeMigrate(), storeBackup(), storeRestore()});
    add({taskRun(), taskResume(), taskList(), taskShow()});
    add({dlqList(), dlqShow(), dlqReplay(), dlqEdit(), dlqDrop()});
    add({checkpointList(), checkpointShow()});
    add({logVerify()});
    add(serviceChecks());
    add({simulateFleet()});
    add({breakerReplay()});
    return commands;
}

} // namespace vigie::commands
