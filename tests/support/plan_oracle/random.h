#ifndef FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_RANDOM_H_
#define FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <random>

namespace fediversity::oracle {

// The same sequence for the same seed on every platform, which the standard distributions do not promise.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t Next() { return engine_(); }
  // 0 ... bound-1.
  std::size_t Below(std::size_t bound) { return static_cast<std::size_t>(engine_() % bound); }
  bool Percent(std::size_t chance) { return Below(100) < chance; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace fediversity::oracle

#endif  // FEDIVERSITY_TESTS_SUPPORT_PLAN_ORACLE_RANDOM_H_
