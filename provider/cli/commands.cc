#include "provider/cli/commands.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "provider/base/text.h"
#include "provider/cli/options.h"
#include "provider/cli/version.h"
#include "provider/docs/schema_json.h"

namespace fediversity::cli {
namespace {

int Version(const Arguments&, const Surroundings& surroundings) {
  surroundings.out << "terraform-provider-fediversity " << kVersion << "\n";
  return 0;
}

int Schema(const Arguments&, const Surroundings& surroundings) {
  surroundings.out << docs::RenderSchemaJson(surroundings.provider);
  return 0;
}

int Help(const Arguments& arguments, const Surroundings& surroundings);

struct Command {
  std::string_view name;
  std::string_view usage;
  std::string_view purpose;
  int (*run)(const Arguments&, const Surroundings&);
};

constexpr std::array kCommands = {
    Command{"--version", "--version", "Prints the version.", &Version},
    Command{"--help", "--help", "Prints this text.", &Help},
    Command{"schema", "schema", "Prints the schema as JSON, in the form of `tofu providers schema -json`.",
            &Schema},
    Command{"check", "check [--config FILE] [--zone ZONE]...",
            "Tries each configured service with the credentials given, and names missing rights.", &Check},
    Command{"import", "import dns --zone ZONE [--config FILE]",
            "Prints an import block and a resource block for each thing found.", &Import},
    Command{
        "import", "import garage [--alias GLOB]... [--config FILE]",
        "The same for each bucket with such a global alias, or for all, and for the keys, accesses and local names "
        "that\n      go with them.",
        &Import},
    Command{
        "import",
        "import proxmox [--pool POOL]... [--tag TAG]... [--node NODE]... [--name GLOB]... [--vmid VMID]...\n"
        "                 [--templates] [--config FILE]",
        "The same for each VM that the options leave; all tags have to be there, and one of each other kind.",
        &Import},
    Command{"docs", "docs [--examples DIR] [--output DIR]", "Writes the reference pages.", &Docs},
};

int Help(const Arguments&, const Surroundings& surroundings) {
  surroundings.out
      << "terraform-provider-fediversity " << kVersion
      << ", a provider for OpenTofu and Terraform.\n\n"
         "OpenTofu starts it by itself: put the provider into your configuration and run `tofu init`.\n"
         "For people there are these commands:\n\n";
  for (const Command& command : kCommands) {
    surroundings.out << "  " << command.usage << "\n      " << command.purpose << "\n";
  }
  surroundings.out
      << "  -debug\n      Serves until interrupted, and prints the TF_REATTACH_PROVIDERS to set.\n\n"
         "--config names a JSON file with the contents of the provider block; the environment variables "
         "that\nthe provider block reads stand in for what it leaves out.\n";
  return 0;
}

}  // namespace

std::optional<int> Run(const Arguments& arguments, const Surroundings& surroundings) {
  if (arguments.empty() || arguments.front() == "-debug" || arguments.front() == "--debug")
    return std::nullopt;
  std::string_view wanted = arguments.front();
  if (wanted == "-h" || wanted == "-help" || wanted == "help") wanted = "--help";
  if (wanted == "-v" || wanted == "-version" || wanted == "version") wanted = "--version";
  auto const command = std::ranges::find(kCommands, wanted, &Command::name);
  if (command == kCommands.end()) {
    return Misused(absl::InvalidArgumentError(Cat({"There is no command \"", arguments.front(), "\""})),
                   surroundings.err);
  }
  return command->run({arguments.begin() + 1, arguments.end()}, surroundings);
}

}  // namespace fediversity::cli
