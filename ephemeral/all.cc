#include "ephemeral/all.h"

#include "ephemeral/garage/key_secret.h"

namespace fediversity::ephemeral {

std::vector<std::unique_ptr<schema::AnyEphemeralResource>> All(const Backends& backends) {
  std::vector<std::unique_ptr<schema::AnyEphemeralResource>> all;
  all.push_back(MakeGarageKeySecret(backends.garage));
  return all;
}

}  // namespace fediversity::ephemeral
