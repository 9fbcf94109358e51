#ifndef FEDIVERSITY_PROVIDER_BACKENDS_NIX_EVALUATION_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_NIX_EVALUATION_H_

// What is asked of the evaluator, and what comes back.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fediversity::nix {

// A function in a file, applied to two arguments that are data: `import file setup argument`. The application
// to `setup` is made once in the life of an evaluator process, so what depends on it alone is computed once.
struct EvaluationRequest {
  std::string file;             // absolute, within one of the roots
  std::string setup = "{}";     // JSON
  std::string argument = "{}";  // JSON
  // Files and folders that may be read, absolute and without symbolic links; nothing else can be.
  std::vector<std::string> roots = {};
  // Stands for file, setup and all that can be read below the roots, wherever they lie: with the argument it
  // is the key under which the result is kept on disk. Empty: the result is not kept.
  std::string identity = {};
  // Whether an error is worth a process of its own that tells it as data; else it is known by its kind alone.
  bool explain = true;
};

enum class ErrorKind : std::uint8_t {
  kThrown,             // throw
  kAborted,            // abort
  kAssertion,          // assert
  kType,               // a value of the wrong type for an operation
  kMissing,            // no such attribute, argument, variable or list element
  kSyntax,             // the file is no Nix
  kForbidden,          // a file, address or derivation that evaluation may not touch
  kNoFile,             // a file within the roots that does not exist
  kInfiniteRecursion,  // a value that needs itself
  kStackOverflow,      // recursion too deep
  kOutOfMemory,        // beyond the memory limit
  kTimeout,            // beyond the time limit of one evaluation
  kDied,               // the evaluator process ended without a word
  kOther,
};

// A word for a kind, such as "time limit".
std::string_view ToWord(ErrorKind kind);

struct TraceFrame {
  std::string message;
  std::string file;  // empty where Nix does not say
  int line = 0;      // 1 for the first; 0 where Nix does not say
};

// Why an evaluation has no value: the doing of the evaluated code, so it is data and not a status.
struct EvaluationError {
  ErrorKind kind = ErrorKind::kOther;
  std::string message;  // as Nix says it, without colours
  std::string file;
  int line = 0;
  int column = 0;
  std::vector<TraceFrame> trace;  // outermost first, as Nix orders it
  std::string option;  // path of the option under evaluation, such as "offer.dns_record_set.max_ttl"
};

// The error in one text: message, place, and what was evaluated.
std::string ToText(const EvaluationError& error);

struct Evaluation {
  std::string json;                      // where there is no error
  std::optional<EvaluationError> error;  // else
  bool from_cache = false;
};

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_NIX_EVALUATION_H_
