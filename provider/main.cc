#include <unistd.h>

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "datasources/all.h"
#include "ephemeral/all.h"
#include "provider/backends/backends.h"
#include "provider/base/cancel.h"
#include "provider/base/environment.h"
#include "provider/base/journal.h"
#include "provider/base/log.h"
#include "provider/cli/commands.h"
#include "provider/config/provider_block.h"
#include "provider/policy/nix_policy.h"
#include "provider/rpc/provider_service.h"
#include "provider/rpc/serve.h"
#include "provider/schema/provider.h"
#include "resources/all.h"

int main(int argc, char** argv) {
  using namespace fediversity;  // NOLINT: the one place where every layer meets

  Environment const environment = ProcessEnvironment();
  Backends backends;
  schema::Provider provider;
  Logger const logger(STDERR_FILENO, LogLevelFromEnvironment("fediversity", environment),
                      "provider.fediversity");
  backends.journal = Journal(JournalFolder(environment), logger);
  provider.block = config::MakeProviderBlock(backends, environment, logger);
  provider.resources = resources::All(backends, logger);
  provider.data_sources = datasources::All(backends, logger);
  provider.ephemeral_resources = ephemeral::All(backends);
  provider.policy = std::make_unique<policy::NixPolicy>(backends.nix);

  std::vector<std::string> const arguments(argv + 1, argv + argc);
  CancelToken const never;
  if (auto const exit_code =
          cli::Run(arguments, {provider, backends, environment, never, std::cout, std::cerr})) {
    return *exit_code;
  }

  auto const service = rpc::ProviderService::Create(provider, logger);
  if (!service.ok()) {
    std::cout << service.status().message() << std::endl;  // the host shows it to the user
    return 1;
  }
  rpc::ServeOptions options;
  options.debug = !arguments.empty();
  options.logger = logger;
  options.on_host_gone = [&backends] { backends.journal.Abandon(); };
  options.on_end = [&service] { (*service)->Stop(); };
  return rpc::Serve(options, **service, environment);
}
