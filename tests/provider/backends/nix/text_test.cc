// What is read from Nix's streams, and what is written for it, without running Nix. The texts of 2.8 were
// recorded; those of 2.26 and 2.34 have the differences that are known of these versions.

#include "provider/base/text.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "provider/backends/nix/error_report.h"
#include "provider/backends/nix/flake_source.h"
#include "provider/backends/nix/nix_json.h"
#include "provider/backends/nix/repl_text.h"
#include "provider/backends/nix/verdict.h"

namespace fediversity::nix {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;
using ::testing::SizeIs;

TEST(ReplTextTest, ColoursAreTakenAway) {
  EXPECT_EQ(StripAnsi("\x1b[35;1m\"x\"\x1b[0m\n"), "\"x\"\n");
  EXPECT_EQ(StripAnsi("a\x1b]8;;http://x\x1b\\link\x1b]8;;\ab"), "alinkb");
  EXPECT_EQ(StripAnsi("a\x1b[31"), "a");
  EXPECT_EQ(StripAnsi("a\x1b"), "a");
}

TEST(ReplTextTest, LiteralsAreRead) {
  EXPECT_THAT(ReadStringLiteral(R"("")"), Optional(std::string()));
  EXPECT_THAT(ReadStringLiteral(R"("{\"a\":\"\\n ${x} \$y\"}\n\r\t")"),
              Optional(std::string("{\"a\":\"\\n ${x} $y\"}\n\r\t")));
  for (std::string_view const wrong : {"", "\"", "x", "\"a", "\"a\"b\"", "\"\\\"", "\"\\q\"", "5"}) {
    EXPECT_EQ(ReadStringLiteral(wrong), std::nullopt) << wrong;
  }
}

TEST(ReplTextTest, TheValueIsFoundBehindEchoAndPrompt) {
  std::string const of_2_8 =
      "Welcome to Nix 2.8.0. Type :? for help.\n\nnix-repl> builtins.toJSON (f0 \"x\")\n\x1b[35;1m\"{\\\"a\\\":1}\"\x1b[0m\n\n";
  EXPECT_THAT(FindStringValue(of_2_8), Optional(std::string("{\"a\":1}")));
  EXPECT_THAT(FindStringValue("nix-repl> \x1b[35m\"[]\"\x1b[0m\n"), Optional(std::string("[]")));
  EXPECT_THAT(FindStringValue("\"first\"\nnoise\n\"last\"\r\n\n"), Optional(std::string("last")));
  EXPECT_EQ(FindStringValue("nix-repl> builtins.toJSON (f0 \"x\")\n\n"), std::nullopt);
  EXPECT_EQ(FindStringValue(""), std::nullopt);
}

TEST(ReplTextTest, TheMarkCountsAsAValueOnly) {
  std::string const echo = "nix-repl> builtins.trace \"mark1\" \"mark1\"\n";
  EXPECT_EQ(FindValueLine(echo, "mark1", 0), std::string::npos);
  EXPECT_EQ(FindValueLine(echo + "\x1b[35;1m\"mark1\"\x1b[0m", "mark1", 0), std::string::npos);
  EXPECT_EQ(FindValueLine(echo + "\x1b[35;1m\"mark1\"\x1b[0m\n", "mark1", 0), echo.size());
  EXPECT_EQ(FindValueLine("\"mark11\"\n", "mark1", 0), std::string::npos);
  EXPECT_TRUE(IsContinuation("nix-repl> f\n          builtins.trace \"m\"", "builtins.trace \"m\"", 0));
  EXPECT_FALSE(IsContinuation("nix-repl> builtins.trace \"m\"", "builtins.trace \"m\"", 0));
}

TEST(ErrorReportTest, ReportsOf28) {
  EvaluationError const error = ReadErrorReport(
      "trace: noise\n"
      R"(@nix {"action":"msg","column":5,"file":"/x/a.nix","level":0,"line":3,"msg":"error","raw_msg":"cannot add \u001b[35;1ma set\u001b[0m to an integer\n\n       at x"})"
      "\n");
  EXPECT_EQ(error.kind, ErrorKind::kType);
  EXPECT_EQ(error.message, "cannot add a set to an integer");
  EXPECT_EQ(error.file, "/x/a.nix");
  EXPECT_EQ(error.line, 3);
  EXPECT_EQ(error.column, 5);
}

TEST(ErrorReportTest, ReportsOfLaterVersions) {
  EvaluationError const error = ReadErrorReport(
      R"(@nix {"action":"msg","column":null,"file":"/x/a.nix:3:5","level":0,"line":null,"msg":"error","raw_msg":"expected a set but found an integer: 1","trace":[{"column":1,"file":"/x/b.nix:9:1","line":null,"raw_msg":"while evaluating the option `a.b':"},{"column":null,"file":null,"line":null,"raw_msg":"from call site"}]})");
  EXPECT_EQ(error.kind, ErrorKind::kType);
  EXPECT_EQ(error.file, "/x/a.nix");
  EXPECT_EQ(error.line, 3);
  EXPECT_EQ(error.option, "a.b");
  ASSERT_THAT(error.trace, SizeIs(2));
  EXPECT_EQ(error.trace[0].file, "/x/b.nix");
  EXPECT_EQ(error.trace[0].line, 9);
}

TEST(ErrorReportTest, AThrowIsKnownByItsTraceOrByHavingNoPlace) {
  EXPECT_EQ(ReadErrorReport(R"(@nix {"action":"msg","file":null,"level":0,"raw_msg":"my words"})").kind,
            ErrorKind::kThrown);
  EXPECT_EQ(
      ReadErrorReport(
          R"(@nix {"action":"msg","file":"/a.nix","line":1,"level":0,"raw_msg":"my words","trace":[{"raw_msg":"while calling the 'throw' builtin"}]})")
          .kind,
      ErrorKind::kThrown);
}

TEST(ErrorReportTest, TheErrorIsPlacedByItsTrace) {
  EvaluationError const error = ReadErrorReport(
      R"(@nix {"action":"msg","file":null,"level":0,"raw_msg":"x","trace":[{"raw_msg":"a","file":"/a.nix","line":2},{"raw_msg":"b","file":null}]})");
  EXPECT_EQ(error.file, "/a.nix");
  EXPECT_EQ(error.line, 2);
  EXPECT_THAT(ToText(error), HasSubstr("(/a.nix:2)"));
}

TEST(ErrorReportTest, PlainErrorsAndSilence) {
  EXPECT_EQ(ReadErrorReport("GC Warning\nerror: stack overflow (possible infinite recursion)\n").kind,
            ErrorKind::kStackOverflow);
  EXPECT_EQ(ReadErrorReport("\x1b[31;1merror:\x1b[0m out of memory\n").kind, ErrorKind::kOutOfMemory);
  EXPECT_EQ(ReadErrorReport("error: stack overflow; max-call-depth exceeded\n").kind,
            ErrorKind::kStackOverflow);
  EXPECT_EQ(ReadErrorReport("").kind, ErrorKind::kDied);
  EXPECT_EQ(ReadErrorReport("Killed\n").message, "Killed");
  EXPECT_EQ(ReadErrorReport("@nix {\n@nix 5\n@nix {\"level\":\"x\"}\n").kind, ErrorKind::kDied);
}

TEST(NixJsonTest, WhatNixHoldsStaysAsItIs) {
  for (std::string_view const text : {R"({"a":[1,-5,0.1,true,false,null,"é\n\"\\"],"b":{}})",
                                      "9223372036854775807", "-9223372036854775808", "[]", "1.5e300"}) {
    auto const nix = ToNixJson(text);
    ASSERT_TRUE(nix.ok()) << text;
    EXPECT_EQ(*nix, text);
  }
  EXPECT_EQ(*ToNixJson("[300.0, 3e2, -0.0, 1e3]"), "[300,300,0,1000]");
}

TEST(NixJsonTest, WhatNixCannotHoldIsMarked) {
  for (std::string_view const number : {"9223372036854775808", "-9223372036854775809", "18446744073709551616",
                                        "0.12345678901234567", "1e-999", "123456789.0123456789"}) {
    auto const nix = ToNixJson(number);
    ASSERT_TRUE(nix.ok()) << number;
    EXPECT_EQ(*nix, Cat({R"({"_fediversity":"number","text":")", number, "\"}"}));
  }
  EXPECT_EQ(*ToNixJson(R"(["a\u0000b"])"), R"([{"_fediversity":"text"}])");
  EXPECT_EQ(*ToNixJson(R"({"a\u0000b":1})"), "{\"a\xEF\xBF\xBD\":1}");
}

TEST(NixJsonTest, WhatIsNoJsonIsRefused) {
  for (std::string const& text : {std::string(), std::string("{"), std::string("[1,]"),
                                  std::string("\"\xff\""), std::string(1000, '['), std::string("1 2")}) {
    EXPECT_FALSE(ToNixJson(text).ok()) << text;
  }
}

TEST(VerdictTest, AnswersAreRead) {
  auto const verdict = ReadVerdict(
      R"({"defaults":[{"path":["a","b"],"value":{"x":1.5}}],"errors":[{"path":["l",2],"message":"m","file":"f.nix","line":7}],"warnings":[],"environment":[{"path":["offer","x"],"message":"n","file":null,"line":null,"thrown":true}]})");
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  EXPECT_EQ(verdict->defaults[0].json, R"({"x":1.5})");
  EXPECT_EQ(std::get<std::int64_t>(verdict->errors[0].path[1]), 2);
  EXPECT_EQ(PlaceOf(verdict->errors[0]), "f.nix:7");
  EXPECT_THAT(verdict->environment_errors[0].failed_option, ::testing::ElementsAre("offer", "x"));
  EXPECT_FALSE(verdict->ok());
}

TEST(VerdictTest, AnythingElseIsRefused) {
  for (std::string_view const text :
       {"", "[]", "{}", R"({"defaults":[],"errors":[],"warnings":[]})",
        R"({"defaults":[{}],"errors":[],"warnings":[],"environment":[]})",
        R"({"defaults":[],"errors":[{"path":[true],"message":"m"}],"warnings":[],"environment":[]})",
        R"({"defaults":[],"errors":[{"path":[]}],"warnings":[],"environment":[]})"}) {
    EXPECT_TRUE(absl::IsInternal(ReadVerdict(text).status())) << text;
  }
}

TEST(FlakeReferenceTest, IsToldFromAPath) {
  for (std::string_view const flake : {"github:NixOS/nixpkgs/nixos-25.11", "git+https://example.org/x",
                                       "path:/srv/x", "https://example.org/x.tar.gz"}) {
    EXPECT_TRUE(IsFlakeReference(flake)) << flake;
  }
  for (std::string_view const path :
       {"./environment.nix", "/etc/x", "environment.nix", "", ":x", "a b:c", "./a:b"}) {
    EXPECT_FALSE(IsFlakeReference(path)) << path;
  }
}

}  // namespace
}  // namespace fediversity::nix
