#include "tests/provider/docs/sample_provider.h"

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string_view>
#include <utility>

#include "absl/status/status.h"

namespace fediversity::docs {
namespace {

using schema::Nesting;
using schema::Rule;
using schema::Table;
using wire::Type;
using wire::Value;

Table Finished(Table table) {
  if (absl::Status const status = table.Finish(); !status.ok()) {
    std::cerr << status << "\n";
    std::abort();
  }
  return table;
}

std::shared_ptr<const Table> Nested(Table table) {
  return std::make_shared<const Table>(Finished(std::move(table)));
}

bool NotEmpty(const Value& value) { return !value.string().empty(); }
bool NotNegative(const Value& value) { return value.number() >= wire::Number(0); }

Table DiskTable() {
  return {.doc = "A disk.",
          .rows = {
              {.name = "device", .doc = "Path by which the server knows it.", .computed = true},
              {.name = "discard",
               .doc = "Whether freed blocks are given back.",
               .optional = true,
               .computed = true,
               .fallback = Value::Bool(false),
               .type = Type::Bool()},
              {.name = "size", .doc = "Size with unit.", .required = true},
          }};
}

Table LoginTable() {
  return {.doc = "How to log in.",
          .rows =
              {
                  {.name = "user", .doc = "Account.", .required = true},
                  {.name = "password", .doc = "Its password.", .optional = true, .sensitive = true},
                  {.name = "key_file", .doc = "Private key.", .optional = true},
              },
          .together = {{schema::Together::Kind::kExactlyOne, {"password", "key_file"}}}};
}

Table TimeoutsTable() {
  return {.doc = "Time-outs.",
          .rows = {{.name = "create", .doc = "How long creation may take.", .optional = true},
                   {.name = "delete", .doc = "How long deletion may take.", .optional = true}}};
}

Table RackTable() {
  return {.doc = "A place.",
          .rows = {{.name = "rack", .doc = "Name of the rack.", .required = true},
                   {.name = "unit", .doc = "Height in it.", .optional = true, .type = Type::Number()}}};
}

class SampleBlock final : public schema::ProviderBlock {
 public:
  const Table& table() const override { return table_; }
  void Validate(const Value&, schema::Diagnostics&) const override {}
  void Configure(const Value&, schema::Diagnostics&) override {}

 private:
  Table const table_ =
      Finished({.name = "sample",
                .doc = "Manages samples.\n\nA second paragraph with `code`.",
                .rows = {{.name = "endpoint", .doc = "Where the service is.", .optional = true},
                         {.name = "login",
                          .doc = "Who we are.",
                          .optional = true,
                          .nesting = Nesting::kSingle,
                          .nested = Nested(LoginTable())}}});
};

class SampleResource final : public schema::AnyResource {
 public:
  const Table& table() const override { return table_; }
  absl::StatusOr<Value> Read(schema::Operation&, const Value&) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<Value> Create(schema::Operation&, const Value&) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<Value> Update(schema::Operation&, const Value&, const Value&) override {
    return absl::UnimplementedError("");
  }
  absl::Status Delete(schema::Operation&, const Value&) override { return absl::UnimplementedError(""); }
  absl::Duration DefaultTimeout(std::string_view operation) const override {
    return operation == "create" ? absl::Minutes(30) : absl::Seconds(90);
  }

 private:
  Table const table_ = ServerTable();
};

class SampleDataSource final : public schema::AnyDataSource {
 public:
  const Table& table() const override { return table_; }
  absl::StatusOr<Value> Read(schema::Operation&, const Value&) override {
    return absl::UnimplementedError("");
  }

 private:
  Table const table_ = RoomTable();
};

class SampleEphemeralResource final : public schema::AnyEphemeralResource {
 public:
  const Table& table() const override { return table_; }
  absl::StatusOr<Value> Open(schema::Operation&, const Value&) override {
    return absl::UnimplementedError("");
  }

 private:
  Table const table_ =
      Finished({.name = "sample_rack_code",
                .doc = "The code of a rack's lock.",
                .rows = {{.name = "rack", .doc = "Name of the rack.", .required = true},
                         {.name = "code", .doc = "What opens it.", .computed = true, .sensitive = true}}});
};

}  // namespace

Table ServerTable() {
  Rule const not_empty = {"must not be empty.", &NotEmpty};
  Rule const no_empty_element = {"must not be empty.", &NotEmpty, true};
  Rule const not_negative = {"must not be negative.", &NotNegative};
  return Finished(
      {.name = "sample_rack_server",
       .doc = "A server.\nIt stands in a rack.",
       .import_id = "{site}/{name}",
       .identity = {"site", "name"},
       .rows =
           {
               {.name = "id", .doc = "What the service calls it.", .computed = true, .keep_state = true},
               {.name = "aliases",
                .doc = "Other names.",
                .optional = true,
                .rules = {no_empty_element},
                .type = Type::Set(Type::String())},
               {.name = "name", .doc = "Its name.", .required = true, .rules = {not_empty}},
               {.name = "site", .doc = "Where it stands.", .required = true, .replace = true},
               {.name = "cores",
                .doc = "How many cores it has.",
                .optional = true,
                .computed = true,
                .fallback = Value::Int(2),
                .rules = {not_negative},
                .type = Type::Number()},
               {.name = "mode",
                .doc = "How it starts.",
                .optional = true,
                .computed = true,
                .keep_state = true,
                .initial = Value::String("bios")},
               {.name = "token", .doc = "Secret.", .optional = true, .sensitive = true},
               {.name = "secret_wo",
                .doc = "Secret that is not stored.",
                .optional = true,
                .write_only = true,
                .version_attribute = "secret_wo_version"},
               {.name = "secret_wo_version",
                .doc = "Changes with `secret_wo`.",
                .optional = true,
                .type = Type::Number()},
               {.name = "height",
                .doc = "Units it takes.",
                .deprecation = "Use `place`.",
                .optional = true,
                .type = Type::Number()},
               {.name = "labels",
                .doc = "Words about it.",
                .optional = true,
                .type = Type::Map(Type::String())},
               {.name = "extra", .doc = "Anything.", .optional = true, .type = Type::Dynamic()},
               {.name = "disks",
                .doc = "Its disks.",
                .optional = true,
                .nesting = Nesting::kMap,
                .nested = Nested(DiskTable())},
               {.name = "logins",
                .doc = "Who may log in.",
                .optional = true,
                .nesting = Nesting::kList,
                .nested = Nested(LoginTable())},
               {.name = "places",
                .doc = "Where it may stand.",
                .optional = true,
                .nesting = Nesting::kSet,
                .nested = Nested(RackTable())},
               {.name = "place",
                .doc = "Where it stands.",
                .optional = true,
                .nesting = Nesting::kSingle,
                .nested = Nested(RackTable())},
               {.name = "timeouts",
                .doc = "How long operations may take.",
                .optional = true,
                .nesting = Nesting::kSingle,
                .nested = Nested(TimeoutsTable())},
           },
       .together = {{schema::Together::Kind::kAtMostOne, {"place", "places", "height"}},
                    {schema::Together::Kind::kAllOrNone, {"secret_wo", "secret_wo_version"}}}});
}

Table RoomTable() {
  return Finished(
      {.name = "sample_rack_room",
       .doc = "A room with racks.",
       .rows = {
           {.name = "name", .doc = "Its name.", .required = true},
           {.name = "racks",
            .doc = "What is in it.",
            .computed = true,
            .nesting = Nesting::kList,
            .nested = Nested(
                {.doc = "A rack.",
                 .rows = {
                     {.name = "rack", .doc = "Name.", .computed = true},
                     {.name = "units", .doc = "Height.", .computed = true, .type = Type::Number()}}})}}});
}

schema::Provider SampleProvider() {
  schema::Provider provider;
  provider.block = std::make_unique<SampleBlock>();
  provider.resources.push_back(std::make_unique<SampleResource>());
  provider.data_sources.push_back(std::make_unique<SampleDataSource>());
  provider.ephemeral_resources.push_back(std::make_unique<SampleEphemeralResource>());
  return provider;
}

}  // namespace fediversity::docs
