// Values, processes and limits of the evaluator, on the Nix that is installed.

#include "provider/backends/nix/evaluator.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "provider/base/pidfd.h"
#include "provider/base/text.h"
#include "provider/base/unique_fd.h"
#include "tests/provider/backends/nix/nix_fixture.h"

namespace fediversity::nix {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class EvaluatorTest : public NixTest {};

// Processes that this one has started, by name.
std::vector<pid_t> Children(std::string_view name) {
  std::vector<pid_t> children;
  for (auto const& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream stat(entry.path() / "stat");
    pid_t pid = 0;
    std::string comm;
    char state = 0;
    pid_t parent = 0;
    if (stat >> pid >> comm >> state >> parent && parent == getpid() && comm == Cat({"(", name, ")"})) {
      children.push_back(pid);
    }
  }
  return children;
}

// A pipe with a name that evaluated code reads, so that a test knows that it is at work, and holds it there.
class Gate {
 public:
  explicit Gate(std::string path) : path_(std::move(path)) { EXPECT_EQ(mkfifo(path_.c_str(), 0600), 0); }

  // Returns when somebody reads.
  UniqueFd AwaitReader() const { return UniqueFd(open(path_.c_str(), O_WRONLY | O_CLOEXEC)); }
  void Let(const UniqueFd& writer, std::string_view text) const {
    EXPECT_EQ(write(writer.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

 private:
  std::string path_;
};

TEST_F(EvaluatorTest, AppliesTheFunctionToBothArguments) {
  Evaluator evaluator(Settings(), Variables(), Logger());
  EvaluationRequest request =
      Request("setup: argument: { sum = setup.a + argument.b; }", R"({"b":2})", R"({"a":1})");
  EXPECT_EQ(Value(evaluator, request), R"({"sum":3})");
  request.argument = R"({"b":40})";
  EXPECT_EQ(Value(evaluator, request), R"({"sum":41})");
  request.setup = R"({"a":2})";
  EXPECT_EQ(Value(evaluator, request), R"({"sum":42})");
  EXPECT_EQ(evaluator.counts().processes, 1);
  EXPECT_EQ(evaluator.counts().one_shots, 0);
}

TEST_F(EvaluatorTest, TextsPassUnchanged) {
  std::string const text = R"({"text":"a ${b} \" \\ \n \r \t é 😀 nix-repl> \u001b[31m '' $ $$ \\n"})";
  for (bool const persistent : {true, false}) {
    EvaluatorSettings settings = Settings();
    settings.persistent = persistent;
    Evaluator evaluator(settings, Variables(), Logger());
    std::string const value =
        Value(evaluator, Request("setup: argument: argument.text == setup.text", text, text));
    EXPECT_EQ(value, "true");
    std::string const echoed = Value(evaluator, Request("_: argument: argument.text", text));
    EXPECT_EQ(echoed, R"("a ${b} \" \\ \n \r \t é 😀 nix-repl> \u001b[31m '' $ $$ \\n")");
  }
}

TEST_F(EvaluatorTest, GivesTheSameWithAProcessForEach) {
  EvaluatorSettings settings = Settings();
  settings.persistent = false;
  Evaluator evaluator(settings, Variables(), Logger());
  EXPECT_EQ(Value(evaluator, Request("s: a: { inherit s a; x = [ 1 2.5 null true ]; }", R"({"k":"v"})")),
            R"({"a":{"k":"v"},"s":{},"x":[1,2.5,null,true]})");
  EXPECT_EQ(Error(evaluator, Request("s: a: a.missing")).kind, ErrorKind::kMissing);
  EXPECT_EQ(evaluator.counts().processes, 0);
  EXPECT_EQ(evaluator.counts().one_shots, 2);
}

TEST_F(EvaluatorTest, TakesResultsOfManyMegabytes) {
  Evaluator evaluator(Settings(), Variables(), Logger());
  std::string const value =
      Value(evaluator,
            Request(R"(_: _: builtins.concatStringsSep "" (builtins.genList (n: "0123456789") 500000))"));
  EXPECT_THAT(value, SizeIs(5'000'002));
}

TEST_F(EvaluatorTest, RefusesResultsBeyondTheLimit) {
  EvaluatorSettings settings = Settings();
  settings.limits.output = std::size_t{1} << 20U;
  Evaluator evaluator(settings, Variables(), Logger());
  EvaluationRequest const request =
      Request(R"(_: _: builtins.concatStringsSep "" (builtins.genList (n: "0123456789") 500000))");
  EXPECT_THAT(Error(evaluator, request).message, HasSubstr("longer than 1 MiB"));
  EXPECT_EQ(Value(evaluator, Request("_: _: 1")), "1");
}

TEST_F(EvaluatorTest, ComputesWhatDependsOnTheSetupOnce) {
  EvaluatorSettings settings = Settings();
  Evaluator evaluator(settings, Variables(), Logger());
  // Takes seconds if it is computed for each request.
  EvaluationRequest request = Request(R"(
    setup:
    let
      slow = builtins.foldl' (sum: n: sum + n) 0 (builtins.genList (n: n) 2000000);
    in
    argument: slow + argument.n
  )");
  absl::Time const start = absl::Now();
  request.argument = R"({"n":0})";
  Value(evaluator, request);
  absl::Duration const first = absl::Now() - start;
  for (int n = 1; n <= 50; ++n) {
    request.argument = Cat({R"({"n":)", std::to_string(n), "}"});
    EXPECT_EQ(Value(evaluator, request), std::to_string(1999999000000 + n));
  }
  EXPECT_LT(absl::Now() - start, 10 * first);
}

TEST_F(EvaluatorTest, ReplacesProcessesByCount) {
  EvaluatorSettings settings = Settings();
  settings.evaluations_per_process = 10;
  Evaluator evaluator(settings, Variables(), Logger());
  EvaluationRequest const request = Request("_: _: 1");
  for (int n = 0; n < 35; ++n) EXPECT_EQ(Value(evaluator, request), "1");
  EXPECT_EQ(evaluator.counts().processes, 4);
}

TEST_F(EvaluatorTest, ReplacesProcessesBySize) {
  EvaluatorSettings settings = Settings();
  settings.resident_bytes = 1;
  Evaluator evaluator(settings, Variables(), Logger());
  EvaluationRequest const request = Request("_: _: 1");
  for (int n = 0; n < 3; ++n) EXPECT_EQ(Value(evaluator, request), "1");
  EXPECT_EQ(evaluator.counts().processes, 3);
}

TEST_F(EvaluatorTest, ReadsOnlyTheRootsOfTheRequest) {
  Evaluator evaluator(Settings(), Variables(), Logger());
  Write("one/default.nix", "_: _: 1");
  Write("two/default.nix", "_: _: import ../one {} {} + 1");
  EvaluationRequest request{.file = folder() + "/two/default.nix",
                            .roots = {folder() + "/one", folder() + "/two"}};
  EXPECT_EQ(Value(evaluator, request), "2");
  request.roots = {folder() + "/two"};
  EXPECT_EQ(Error(evaluator, request).kind, ErrorKind::kForbidden);
}

TEST_F(EvaluatorTest, ManyThreadsShareThePool) {
  EvaluatorSettings settings = Settings();
  settings.workers = 3;
  Evaluator evaluator(settings, Variables(), Logger());
  EvaluationRequest const request = Request("_: argument: argument.n * 2");
  std::vector<std::thread> threads;
  threads.reserve(12);
  for (int thread = 0; thread < 12; ++thread) {
    threads.emplace_back([&, thread] {
      for (int n = 0; n < 25; ++n) {
        EvaluationRequest mine = request;
        mine.argument = Cat({R"({"n":)", std::to_string(thread * 100 + n), "}"});
        EXPECT_EQ(Value(evaluator, mine), std::to_string((thread * 100 + n) * 2));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(evaluator.counts().processes, 3);
  EXPECT_EQ(evaluator.counts().evaluations, 300);
}

TEST_F(EvaluatorTest, GarbageOnTheStreamsIsNoAnswer) {
  Evaluator evaluator(Settings(), Variables(), Logger());
  EvaluationRequest const request = Request(R"NIX(
    _: _:
    let
      lines = [ "\"fake\"" "nix-repl> \"fake\"" "trace: @nix {\"action\":\"msg\",\"level\":0,\"raw_msg\":\"fake\"}" "error: fake" ];
      noise = builtins.concatStringsSep "\n" (builtins.concatLists (builtins.genList (_: lines) 20000));
    in
    builtins.trace noise "true answer"
  )NIX");
  EXPECT_EQ(Value(evaluator, request), R"("true answer")");
  EXPECT_EQ(Value(evaluator, request), R"("true answer")");
  EXPECT_EQ(evaluator.counts().processes, 1);
}

TEST_F(EvaluatorTest, AnotherProcessTakesOverWhereOneIsKilled) {
  Evaluator evaluator(Settings(), Variables(), Logger());
  EvaluationRequest const request = Request("_: _: builtins.readFile ./gate");
  Gate const gate(request.roots[0] + "/gate");
  std::thread killer([&gate] {
    {
      UniqueFd const reader = gate.AwaitReader();
      std::vector<pid_t> const victims = Children("nix");
      ASSERT_THAT(victims, SizeIs(1));
      UniqueFd const victim = OpenPidfd(victims[0]);
      kill(victims[0], SIGKILL);
      pollfd ended{victim.get(), POLLIN, 0};
      ASSERT_EQ(poll(&ended, 1, -1), 1);
    }
    UniqueFd const reader = gate.AwaitReader();
    gate.Let(reader, "passed");
  });
  EXPECT_EQ(Value(evaluator, request), R"("passed")");
  killer.join();
  EXPECT_EQ(evaluator.counts().processes, 2);
}

TEST_F(EvaluatorTest, AnInterruptEndsAnEvaluationAndItsProcess) {
  Evaluator evaluator(Settings(), Variables(), Logger());
  EvaluationRequest const request = Request("_: _: builtins.readFile ./gate");
  Gate const gate(request.roots[0] + "/gate");
  std::thread interrupter([&] {
    UniqueFd const reader = gate.AwaitReader();
    cancel().Cancel();
  });
  auto const evaluation = evaluator.Evaluate(request, limits());
  interrupter.join();
  EXPECT_TRUE(absl::IsCancelled(evaluation.status())) << evaluation.status();
  EXPECT_THAT(Children("nix"), IsEmpty());
}

TEST_F(EvaluatorTest, TheCallersDeadlineIsAStatus) {
  Evaluator evaluator(Settings(), Variables(), Logger());
  EvaluationRequest const loop = Request(
      "_: _: builtins.foldl' (a: n: a + builtins.length (builtins.genList (i: i) 100000)) 0 "
      "(builtins.genList (n: n) 10000000)");
  auto const evaluation = evaluator.Evaluate(loop, {cancel(), absl::Now() + absl::Milliseconds(300)});
  EXPECT_TRUE(absl::IsDeadlineExceeded(evaluation.status())) << evaluation.status();
  EXPECT_EQ(Value(evaluator, Request("_: _: 1")), "1");
}

TEST_F(EvaluatorTest, NothingIsLeftBehind) {
  {
    Evaluator evaluator(Settings(), Variables(), Logger());
    Value(evaluator, Request("_: argument: argument", R"({"secret":"not for others"})"));
    for (auto const& entry : std::filesystem::recursive_directory_iterator(folder() + "/tmp")) {
      struct stat found {};
      ASSERT_EQ(lstat(entry.path().c_str(), &found), 0);
      bool const inner = entry.path().parent_path() != folder() + "/tmp";
      EXPECT_TRUE(inner || (found.st_mode & 0777U) == 0700U) << entry.path();
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path());
      std::string const text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
      EXPECT_THAT(text, Not(HasSubstr("not for others"))) << entry.path();
    }
  }
  EXPECT_THAT(Children("nix"), IsEmpty());
  EXPECT_TRUE(std::filesystem::is_empty(folder() + "/tmp"));
}

TEST_F(EvaluatorTest, WhatAKilledProcessLeftIsRemoved) {
  Write("tmp/fediversity-nix-000000/lock", "");
  Write("tmp/fediversity-nix-000000/input/1.json", "{}");
  Write("tmp/other/file", "");
  Evaluator evaluator(Settings(), Variables(), Logger());
  EXPECT_EQ(Value(evaluator, Request("_: _: 1")), "1");
  EXPECT_FALSE(std::filesystem::exists(folder() + "/tmp/fediversity-nix-000000"));
  EXPECT_TRUE(std::filesystem::exists(folder() + "/tmp/other/file"));
}

TEST_F(EvaluatorTest, SettingsOfTheUserHaveNoInfluence) {
  // A file that Nix would refuse to start with, and a search path that would let everything be read.
  setenv("NIX_CONF_DIR",
         Write("conf/nix.conf", "restrict-eval = nonsense\n").substr(0, folder().size() + 5).c_str(), 1);
  setenv("NIX_PATH", "all=/", 1);
  Evaluator evaluator(Settings(), Variables(), Logger());
  EXPECT_EQ(Value(evaluator, Request("_: _: 1")), "1");
  EXPECT_EQ(Error(evaluator, Request("_: _: builtins.readFile /etc/hostname")).kind, ErrorKind::kForbidden);
  unsetenv("NIX_CONF_DIR");
  unsetenv("NIX_PATH");
}

TEST_F(EvaluatorTest, WithoutNixItSaysWhatToDo) {
  Set("PATH", folder());
  Evaluator evaluator(Settings(), Variables(), Logger());
  auto const evaluation = evaluator.Evaluate(Request("_: _: 1"), limits());
  EXPECT_TRUE(absl::IsFailedPrecondition(evaluation.status()));
  EXPECT_THAT(
      std::string(evaluation.status().message()),
      AllOf(HasSubstr("Nix was not found"), HasSubstr("apt install nix-bin"), HasSubstr("enabled = false")));
}

TEST_F(EvaluatorTest, AProgramThatIsNoNixIsReported) {
  for (const char* name : {"bin/nix", "bin/nix-instantiate"}) {
    std::string const path = Write(name, "#!/bin/sh\necho nonsense\necho garbage >&2\nexit 3\n");
    ASSERT_EQ(chmod(path.c_str(), 0700), 0);
  }
  Set("PATH", folder() + "/bin");
  Evaluator evaluator(Settings(), Variables(), Logger());
  EvaluationError const error = Error(evaluator, Request("_: _: 1"));
  EXPECT_EQ(error.kind, ErrorKind::kDied);
  EXPECT_THAT(error.message, AllOf(HasSubstr("exit code 3"), HasSubstr("garbage")));
  EXPECT_TRUE(absl::IsFailedPrecondition(evaluator.Version(limits()).status()));
}

}  // namespace
}  // namespace fediversity::nix
