#include "provider/backends/nix/evaluation.h"

#include "provider/base/text.h"

namespace fediversity::nix {
namespace {

std::string Place(const std::string& file, int line) {
  if (file.empty()) return {};
  if (line <= 0) return Cat({" (", file, ")"});
  return Cat({" (", file, ":", std::to_string(line), ")"});
}

}  // namespace

std::string_view ToWord(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kThrown: return "throw";
    case ErrorKind::kAborted: return "abort";
    case ErrorKind::kAssertion: return "failed assertion";
    case ErrorKind::kType: return "type error";
    case ErrorKind::kMissing: return "missing name";
    case ErrorKind::kSyntax: return "syntax error";
    case ErrorKind::kForbidden: return "forbidden access";
    case ErrorKind::kNoFile: return "missing file";
    case ErrorKind::kInfiniteRecursion: return "infinite recursion";
    case ErrorKind::kStackOverflow: return "stack overflow";
    case ErrorKind::kOutOfMemory: return "memory limit";
    case ErrorKind::kTimeout: return "time limit";
    case ErrorKind::kDied: return "evaluator ended";
    case ErrorKind::kOther: return "evaluation error";
  }
  return "evaluation error";
}

std::string ToText(const EvaluationError& error) {
  std::string text = Cat({error.message, Place(error.file, error.line)});
  if (!error.option.empty()) text += Cat({"\nOption: ", error.option});
  for (const TraceFrame& frame : error.trace) {
    if (!frame.message.empty()) text += Cat({"\n... ", frame.message, Place(frame.file, frame.line)});
  }
  return text;
}

}  // namespace fediversity::nix
