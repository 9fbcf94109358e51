// Each way in which evaluated code can fail, on the Nix that is installed: it is told by kind and place, and
// the next evaluation works.

#include <string>

#include "gmock/gmock.h"
#include "provider/base/text.h"
#include "tests/provider/backends/nix/nix_fixture.h"

namespace fediversity::nix {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

struct Case {
  std::string_view name;
  std::string_view code;  // the body of a function, on line 2
  ErrorKind kind;
  std::string_view words;
  bool placed = true;  // whether Nix 2.8 knows the file
};

std::string NameOf(const ::testing::TestParamInfo<Case>& info) { return std::string(info.param.name); }

class EvaluatorErrorTest : public NixTest, public ::testing::WithParamInterface<Case> {};

TEST_P(EvaluatorErrorTest, IsData) {
  EvaluatorSettings settings = Settings();
  // Long where another limit is to be met first, however busy the machine is.
  settings.limits.evaluation = GetParam().kind == ErrorKind::kTimeout ? absl::Seconds(2) : absl::Seconds(80);
  settings.limits.memory = std::uint64_t{1} << 30U;
  for (bool const persistent : {true, false}) {
    settings.persistent = persistent;
    Evaluator evaluator(settings, Variables(), Logger());
    EvaluationRequest const request = Request(Cat({"_: _:\n", GetParam().code, "\n"}), R"({"x":1})");
    EvaluationError const error = Error(evaluator, request);
    EXPECT_EQ(error.kind, GetParam().kind) << ToWord(error.kind) << ": " << ToText(error);
    EXPECT_THAT(error.message, HasSubstr(std::string(GetParam().words)));
    EXPECT_EQ(error.message.find('\x1b'), std::string::npos);
    if (GetParam().placed) {
      EXPECT_THAT(error.file, EndsWith("default.nix")) << ToText(error);
      EXPECT_EQ(error.line, 2);
    }
    EXPECT_EQ(Value(evaluator, Request("_: _: 1")), "1");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, EvaluatorErrorTest,
    ::testing::Values(
        Case{"Throw", R"(throw "some words")", ErrorKind::kThrown, "some words", false},
        Case{"Abort", R"(abort "some words")", ErrorKind::kAborted, "some words", false},
        Case{"Assertion", "assert 1 == 2; 1", ErrorKind::kAssertion, "failed"},
        Case{"Type", "1 + {}", ErrorKind::kType, "cannot add a set"},
        Case{"Coercion", R"("${{}}")", ErrorKind::kType, "cannot coerce a set"},
        Case{"NotAFunction", "1 1", ErrorKind::kType, "not a function"},
        Case{"NoJson", "x: x", ErrorKind::kType, "cannot convert a function", false},
        Case{"MissingAttribute", "{ }.nothing", ErrorKind::kMissing, "attribute 'nothing' missing"},
        Case{"MissingArgument", "({ a }: a) { }", ErrorKind::kMissing, "without required argument"},
        Case{"MissingVariable", "nothing", ErrorKind::kMissing, "undefined variable"},
        Case{"MissingElement", "builtins.elemAt [ ] 3", ErrorKind::kMissing, "out of bounds"},
        Case{"Syntax", "let x = ; in x", ErrorKind::kSyntax, "syntax error"},
        Case{"MissingFile", "import ./nothing.nix", ErrorKind::kNoFile, "nothing.nix", false},
        Case{"Recursion", "let x = x + 1; in x", ErrorKind::kInfiniteRecursion, "infinite recursion"},
        Case{"StackOverflow", "let f = n: f (n + 1) + 1; in f 0", ErrorKind::kStackOverflow, "stack overflow",
             false},
        Case{"IncompleteFile", "{ a = 1;", ErrorKind::kSyntax, "unexpected end of file", false},
        Case{"Loop", R"(
let
  repeat = n: f: x: if n == 0 then x else builtins.foldl' (a: _: repeat (n - 1) f a) x (builtins.genList (i: i) 1000);
in
repeat 9 (x: x + 1) 0)",
             ErrorKind::kTimeout, "did not end within 2s", false},
        Case{"Allocation", "builtins.length (builtins.genList (x: x) 1000000000)", ErrorKind::kOutOfMemory,
             "more than 1024 MiB", false},
        Case{"GrowingText",
             R"(builtins.foldl' (text: _: text + text) "xxxxxxxx" (builtins.genList (n: n) 60))",
             ErrorKind::kOutOfMemory, "1024 MiB", false},
        Case{"GrowingList", R"(
builtins.genericClosure {
  startSet = [ { key = 0; } ];
  operator = x: let pad = builtins.genList (i: i) 50000; in builtins.seq pad [ { key = x.key + 1; inherit pad; } ];
})",
             ErrorKind::kOutOfMemory, "1024 MiB", false},
        Case{"ForbiddenFile", "builtins.readFile /etc/passwd", ErrorKind::kForbidden, "/etc/passwd", false},
        Case{"ForbiddenImport", "import /etc/passwd", ErrorKind::kForbidden, "/etc/passwd", false},
        Case{"ForbiddenFolder", R"(builtins.readDir (/. + "/"))", ErrorKind::kForbidden, "forbidden", false},
        Case{"ForbiddenAddress", R"(builtins.fetchurl "http://127.0.0.1:9/")", ErrorKind::kForbidden,
             "127.0.0.1", false},
        Case{"ForbiddenArchive", R"(builtins.fetchTarball "http://127.0.0.1:9/x.tar")", ErrorKind::kForbidden,
             "127.0.0.1", false},
        Case{"ForbiddenRepository", R"(builtins.fetchGit "http://127.0.0.1:9/x")", ErrorKind::kForbidden,
             "127.0.0.1", false},
        Case{"Derivation",
             R"(import (derivation { name = "a"; builder = "/bin/sh"; system = builtins.currentSystem; }))",
             ErrorKind::kForbidden, "store", false},
        Case{"JsonSyntax", R"(builtins.fromJSON "{")", ErrorKind::kOther, "parse error", false}),
    NameOf);

class ErrorDetailTest : public NixTest {};

TEST_F(ErrorDetailTest, TheTraceNamesTheOption) {
  Evaluator evaluator(Settings(), Variables(), Logger());
  EvaluationError const error = Error(
      evaluator,
      Request("_: _:\nbuiltins.addErrorContext \"while evaluating the option `offer.vm.cores':\" (1 + { })"));
  EXPECT_EQ(error.option, "offer.vm.cores");
  EXPECT_EQ(error.line, 2);
  EXPECT_FALSE(error.trace.empty());
}

TEST_F(ErrorDetailTest, VariablesOfTheProcessAreNotSeen) {
  Set("SECRET_OF_THE_HOST", "x");
  setenv("SECRET_OF_THE_HOST", "hunter2", 1);
  Evaluator evaluator(Settings(), Variables(), Logger());
  EXPECT_EQ(Value(evaluator, Request(R"(_: _: builtins.getEnv "SECRET_OF_THE_HOST")")), R"("")");
  unsetenv("SECRET_OF_THE_HOST");
}

}  // namespace
}  // namespace fediversity::nix
