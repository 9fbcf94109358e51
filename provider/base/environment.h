#ifndef FEDIVERSITY_PROVIDER_BASE_ENVIRONMENT_H_
#define FEDIVERSITY_PROVIDER_BASE_ENVIRONMENT_H_

#include <cstdlib>
#include <functional>
#include <optional>
#include <string>

namespace fediversity {

// Looks up an environment variable; nullopt where it is not set. Passed along so that tests need not change the
// environment of their own process.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

inline Environment ProcessEnvironment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* const value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

}  // namespace fediversity

#endif  // FEDIVERSITY_PROVIDER_BASE_ENVIRONMENT_H_
