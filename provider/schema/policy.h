#ifndef FEDIVERSITY_PROVIDER_SCHEMA_POLICY_H_
#define FEDIVERSITY_PROVIDER_SCHEMA_POLICY_H_

// What is asked of a configuration beside its table: the rules of whoever runs the services. The engine asks while
// validating and while planning; who answers is bound in main.cc.

#include <string>
#include <utility>
#include <vector>

#include "provider/base/cancel.h"
#include "provider/schema/diagnostics.h"
#include "provider/schema/table.h"
#include "provider/wire/path.h"
#include "provider/wire/value.h"

namespace fediversity::schema {

// Values of attributes of the object itself, by name.
using Attributes = std::vector<std::pair<std::string, wire::Value>>;

// What a policy looks at.
struct Proposal {
  const Table& table;
  // An object of the table. Parts may be unknown; sensitive and write-only ones are for the policy to leave alone.
  const wire::Value& config;
  // What the provider takes where the configuration and the policy are both silent.
  Attributes otherwise;
  // Whether this is a plan; else it is validation, when settings may be missing that a plan has.
  bool planning = true;
};

struct Judgement {
  // For attributes on which the configuration is silent, at any depth but not in sets; of the row's type, or unknown
  // where they depend on something that is not known yet.
  std::vector<std::pair<wire::Path, wire::Value>> defaults;
  Diagnostics diagnostics;
};

// Thread-safe.
class Policy {
 public:
  virtual ~Policy() = default;
  // Whatever goes wrong is a diagnostic. What is wrong with the policy itself, and concerns every object, is told once.
  virtual Judgement Judge(const Proposal& proposal, const CancelToken& cancel) = 0;
};

}  // namespace fediversity::schema

#endif  // FEDIVERSITY_PROVIDER_SCHEMA_POLICY_H_
