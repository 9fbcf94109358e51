// Values that are written in Nix, evaluated by the Nix that is installed.

#include "datasources/nix/value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "provider/backends/backends.h"
#include "provider/base/text.h"
#include "provider/schema/engine.h"
#include "provider/wire/json.h"
#include "tests/provider/backends/nix/nix_fixture.h"
#include "tests/provider/backends/nix/own_store.h"
#include "tests/support/diagnostics.h"

namespace fediversity::datasources {
namespace {

using ::testing::ElementsAre;
using testing::ErrorOn;
using ::testing::IsEmpty;

class NixValueTest : public nix::NixTest {
 protected:
  void SetUp() override {
    NixTest::SetUp();
    Use(Settings());
  }
  void Use(nix::EvaluatorSettings settings) {
    backends_.nix.Fill(std::make_shared<nix::ResourceRules>(nix::RulesSettings{.evaluator = settings},
                                                            Variables(), Logger()));
  }
  // `attributes`: members of the configuration in JSON; what they lack is left out.
  schema::DataResponse Read(std::string_view attributes) {
    return schema::ReadDataSource(*source_, Config(attributes), {.cancel = cancel()});
  }
  wire::Value Config(std::string_view attributes) const {
    auto config = wire::DecodeJson(Cat({"{", attributes, "}"}), source_->table().type);
    EXPECT_TRUE(config.ok()) << config.status();
    return config.ok() ? *std::move(config) : wire::Value::Null();
  }
  // The value as JSON; "" and a failure where there is none.
  std::string ValueOf(std::string_view attributes) {
    schema::DataResponse const response = Read(attributes);
    for (const schema::Diagnostic& each : response.diagnostics.list())
      ADD_FAILURE() << ::testing::PrintToString(each);
    if (response.state.is_null()) return "";
    auto const json = wire::WriteJson(*response.state.Find("value"));
    return json.ok() ? *json : json.status().ToString();
  }
  // "file": a file with this code.
  std::string FileWith(std::string_view code) {
    return Cat({R"("file":")", Write("code/value.nix", code), "\""});
  }

  Backends backends_;
  std::unique_ptr<schema::AnyDataSource> source_ = MakeNixValue(backends_.nix, Logger());
};

TEST_F(NixValueTest, DataComesAsItIs) {
  EXPECT_EQ(ValueOf(FileWith(R"({ a = 1; b = [ "x" null 1.5 true ]; c = { }; })")),
            R"({"a":1,"b":["x",null,1.5,true],"c":{}})");
  EXPECT_EQ(ValueOf(FileWith("null")), "null");
  EXPECT_EQ(ValueOf(FileWith("\"text\"")), "\"text\"");
}

TEST_F(NixValueTest, AnAttributeIsSelected) {
  std::string const file = FileWith(R"({ a."b.c" = { d = 7; }; })");
  EXPECT_EQ(ValueOf(file + R"(,"attribute":["a","b.c","d"])"), "7");
  EXPECT_THAT(Read(file + R"(,"attribute":["a","x"])").diagnostics.list(),
              ElementsAre(ErrorOn("file", "Nix gives no value (throw)",
                                  "there is no attribute `x`; there are: b.c")));
}

TEST_F(NixValueTest, AFunctionGetsArguments) {
  constexpr std::string_view kArguments =
      R"(,"arguments":{"type":["object",{"name":"string","n":"number"}],"value":{"name":"alice","n":2}})";
  EXPECT_EQ(ValueOf(FileWith("{ name, n }: { x = \"${name}-${toString n}\"; }") + std::string(kArguments)),
            R"({"x":"alice-2"})");
  EXPECT_EQ(
      ValueOf(FileWith("{ f = { name, ... }: name; }") + R"(,"attribute":["f"])" + std::string(kArguments)),
      "\"alice\"");
  // nixpkgs's lib is there for those who ask.
  EXPECT_EQ(ValueOf(FileWith("{ lib, name, ... }: lib.hasPrefix \"al\" name") + std::string(kArguments)),
            "true");
  EXPECT_EQ(ValueOf(FileWith("{ lib }: lib.removeSuffix \".\" \"a.\"")), "\"a\"");
  EXPECT_THAT(Read(FileWith("x: x")).diagnostics.list(),
              ElementsAre(ErrorOn("file", "Nix gives no value", "give it `arguments`")));
  EXPECT_THAT(Read(FileWith("7") + std::string(kArguments)).diagnostics.list(),
              ElementsAre(ErrorOn("file", "Nix gives no value", "takes no `arguments`")));
}

TEST_F(NixValueTest, ArgumentsThatNixCannotHoldAreRefused) {
  constexpr std::string_view kLarge =
      R"(,"arguments":{"type":["object",{"n":"number"}],"value":{"n":123456789012345678901}})";
  EXPECT_THAT(Read(FileWith("{ n }: n") + std::string(kLarge)).diagnostics.list(),
              ElementsAre(ErrorOn("arguments", "Nix cannot hold these arguments", "64 bits")));
}

TEST_F(NixValueTest, MistakesAreToldWithTheirPlace) {
  EXPECT_THAT(
      Read(FileWith("{\n  a = 1 + { };\n}")).diagnostics.list(),
      ElementsAre(ErrorOn("file", "Nix gives no value (type error)", Cat({folder(), "/code/value.nix:2"}))));
  EXPECT_THAT(Read(FileWith("{ a = ")).diagnostics.list(),
              ElementsAre(ErrorOn("file", "Nix gives no value (syntax error)", "")));
  EXPECT_THAT(Read(FileWith("builtins.readFile /etc/passwd")).diagnostics.list(),
              ElementsAre(ErrorOn("file", "Nix gives no value (forbidden access)", "")));
  EXPECT_THAT(Read(FileWith("{ f = x: x; }")).diagnostics.list(),
              ElementsAre(ErrorOn("file", "Nix gives no value", "")));
  EXPECT_THAT(Read(Cat({R"("file":")", folder(), "/nothing.nix\""})).diagnostics.list(),
              ElementsAre(ErrorOn("file", "There is no file", "")));
}

TEST_F(NixValueTest, WhatItReadsLiesBelowItsFolder) {
  Write("code/data/hosts.json", R"({"alice":"203.0.113.9"})");
  EXPECT_EQ(ValueOf(FileWith("builtins.fromJSON (builtins.readFile ./data/hosts.json)")),
            R"({"alice":"203.0.113.9"})");
}

TEST_F(NixValueTest, OneOfFileAndFlakeIsNamed) {
  auto const validated = [this](std::string_view attributes) {
    return schema::ValidateConfig(*source_, Config(attributes)).list();
  };
  EXPECT_THAT(validated(R"("file":"a.nix")"), IsEmpty());
  EXPECT_THAT(validated(R"("flake":"path:/srv/a")"), IsEmpty());
  EXPECT_THAT(validated(""), ElementsAre(ErrorOn("", "do not go together", "Exactly one of file, flake")));
  EXPECT_THAT(validated(R"("file":"path:/srv/a")"),
              ElementsAre(ErrorOn("file", "Invalid value", "named by `flake`")));
  EXPECT_THAT(validated(R"("flake":"/srv/a")"),
              ElementsAre(ErrorOn("flake", "Invalid value", "with its scheme")));
  EXPECT_THAT(validated(R"("file":"a.nix","arguments":{"type":"string","value":"x"})"),
              ElementsAre(ErrorOn("arguments", "Invalid value", "must be an object")));
}

TEST_F(NixValueTest, WhereNixIsNotInUseItSaysSo) {
  std::string const file = FileWith("7");
  backends_.nix.Reset();
  EXPECT_THAT(Read(file).diagnostics.list(),
              ElementsAre(ErrorOn("", "Nix is not in use", "enabled = false")));
}

TEST_F(NixValueTest, ResultsAreKeptButNotThoseOfArguments) {
  nix::EvaluatorSettings settings = Settings();
  settings.cache = true;
  std::string const plain = FileWith("{ a = 1; }");
  for (int run = 0; run < 2; ++run) {
    Use(settings);
    EXPECT_EQ(ValueOf(plain), R"({"a":1})");
    EXPECT_EQ((*backends_.nix.Get())->counts().processes, run == 0 ? 1 : 0);
  }
  std::string const function =
      FileWith("{ secret }: secret") +
      R"(,"arguments":{"type":["object",{"secret":"string"}],"value":{"secret":"hunter2"}})";
  for (int run = 0; run < 2; ++run) {
    Use(settings);
    EXPECT_EQ(ValueOf(function), "\"hunter2\"");
    EXPECT_EQ((*backends_.nix.Get())->counts().processes, 1);
  }
}

// The flake, and one that it has as an input and follows through another one.
TEST_F(NixValueTest, AFlakeHasItsInputs) {
  nix::OwnStore const store(folder());
  Write("base/flake.nix", "{ outputs = _: { limit = 5; }; }");
  Write("data/hosts.json", "[ \"a\" ]");
  Write("mid/flake.nix", Cat({"{ inputs.base.url = \"path:", folder(),
                              "/base\"; outputs = { self, base }: { twice = 2 * base.limit; }; }"}));
  Write(
      "top/flake.nix",
      Cat({"{ inputs.base.url = \"path:", folder(), "/base\"; inputs.mid.url = \"path:", folder(),
           "/mid\"; inputs.mid.inputs.base.follows = \"base\"; inputs.data = { url = \"path:", folder(),
           "/data\"; flake = false; };\n"
           "  outputs = { self, base, mid, data }: { sum = base.limit + mid.twice; f = { n }: n + base.limit; "
           "hosts = builtins.fromJSON (builtins.readFile \"${data}/hosts.json\"); }; }"}));
  std::string const flake = Cat({R"("flake":"path:)", folder(), R"(/top")"});
  EXPECT_EQ(ValueOf(flake + R"(,"attribute":["sum"])"), "15");
  EXPECT_EQ(ValueOf(flake + R"(,"attribute":["hosts"])"), R"(["a"])");
  EXPECT_EQ(
      ValueOf(flake + R"(,"attribute":["f"],"arguments":{"type":["object",{"n":"number"}],"value":{"n":1}})"),
      "6");
  EXPECT_EQ(ValueOf(Cat({R"("flake":"path:)", folder(), R"(/base","attribute":["limit"])"})), "5");
  EXPECT_THAT(Read(Cat({R"("flake":"path:)", folder(), "/none\""})).diagnostics.list(),
              ElementsAre(ErrorOn("flake", "Cannot fetch the flake", "")));
}

}  // namespace
}  // namespace fediversity::datasources
