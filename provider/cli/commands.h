#ifndef FEDIVERSITY_PROVIDER_CLI_COMMANDS_H_
#define FEDIVERSITY_PROVIDER_CLI_COMMANDS_H_

#include <optional>

#include "provider/cli/command.h"

namespace fediversity::cli {

// Runs the command that `arguments` begin with. nullopt: they begin with none, and the host is to be served.
std::optional<int> Run(const Arguments& arguments, const Surroundings& surroundings);

// The single commands, listed in commands.cc.
int Check(const Arguments& arguments, const Surroundings& surroundings);
int Docs(const Arguments& arguments, const Surroundings& surroundings);
int Import(const Arguments& arguments, const Surroundings& surroundings);

}  // namespace fediversity::cli

#endif  // FEDIVERSITY_PROVIDER_CLI_COMMANDS_H_
