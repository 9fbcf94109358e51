#ifndef FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_MEMORY_RESOURCE_H_
#define FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_MEMORY_RESOURCE_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "provider/schema/resource.h"
#include "tests/support/plan_oracle/random.h"

namespace fediversity::oracle {

// A resource of any table that has an "id", together with the service behind it: objects live in memory, computed
// attributes get random values, strings whose names begin with kFoldPrefix are kept in lower case. Used by one
// thread.
class MemoryResource final : public schema::AnyResource {
 public:
  MemoryResource(schema::Table table, std::uint64_t seed) : table_(std::move(table)), random_(seed) {}

  // What the next Create() or Update() does wrong.
  enum class Failure : std::uint8_t {
    kNone,
    kBefore,     // fails before anything has happened
    kHalfway,    // fails after the object was written and recorded by a checkpoint
    kForgetful,  // succeeds, but its answer lacks most of what was computed
  };
  void FailNext(Failure failure) {
    failure_ = failure;
    struck_ = false;
  }
  // Whether an operation has failed since; nothing fails from here on.
  bool Struck() {
    failure_ = Failure::kNone;
    return struck_;
  }
  // Somebody else changes attributes of all objects.
  void Drift();
  // Somebody else deletes all objects.
  void Vanish() { objects_.clear(); }
  const std::map<std::string, wire::Value>& objects() const { return objects_; }

  const schema::Table& table() const override { return table_; }
  void KeepSpelling(const wire::Value& known, wire::Value& fresh) const override;
  absl::StatusOr<wire::Value> Read(schema::Operation& operation, const wire::Value& state) override;
  absl::StatusOr<wire::Value> Create(schema::Operation& operation, const wire::Value& planned) override;
  absl::StatusOr<wire::Value> Update(schema::Operation& operation, const wire::Value& prior,
                                     const wire::Value& planned) override;
  absl::Status Delete(schema::Operation& operation, const wire::Value& state) override;
  absl::Status Import(schema::Operation& operation, wire::Value& state) override;

 private:
  absl::Status FailBefore();
  absl::StatusOr<wire::Value> Write(schema::Operation& operation, wire::Value object,
                                    const wire::Value& planned);

  schema::Table table_;
  Random random_;
  Failure failure_ = Failure::kNone;
  bool struck_ = false;
  std::uint64_t next_id_ = 1;
  std::map<std::string, wire::Value> objects_;
};

}  // namespace fediversity::oracle

#endif  // FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_MEMORY_RESOURCE_H_
