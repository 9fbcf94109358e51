#ifndef FEDIVERSITY_TESTS_PROVIDER_BACKENDS_NIX_OWN_STORE_H_
#define FEDIVERSITY_TESTS_PROVIDER_BACKENDS_NIX_OWN_STORE_H_

#include <cstdlib>
#include <map>
#include <string>

namespace fediversity::nix {

// While it lives, Nix fetches into a store below `folder`, so that a test leaves none behind.
class OwnStore {
 public:
  explicit OwnStore(const std::string& folder)
      : variables_{{"NIX_STORE_DIR", folder + "/nix/store"},
                   {"NIX_STATE_DIR", folder + "/nix/state"},
                   {"NIX_LOG_DIR", folder + "/nix/log"},
                   {"NIX_CONFIG", "build-users-group ="},
                   {"HOME", folder + "/home"}} {
    if (const char* const home = std::getenv("HOME")) home_ = home;
    for (auto const& [name, value] : variables_) setenv(name.c_str(), value.c_str(), 1);
  }
  OwnStore(const OwnStore&) = delete;
  OwnStore& operator=(const OwnStore&) = delete;
  ~OwnStore() {
    for (auto const& [name, value] : variables_) unsetenv(name.c_str());
    if (!home_.empty()) setenv("HOME", home_.c_str(), 1);
  }

 private:
  std::map<std::string, std::string> const variables_;
  std::string home_;
};

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_TESTS_PROVIDER_BACKENDS_NIX_OWN_STORE_H_
