#include "app/daemon/commands/command.h"

namespace vigie::commands {

// Each is defined in a file of its own, <group><verb>.cpp, and listed once, here.

std::vector<Command> all() {
    return {};
}

} // namespace vigie::commands
