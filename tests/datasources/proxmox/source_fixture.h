#ifndef FEDIVERSITY_TESTS_DATASOURCES_PROXMOX_SOURCE_FIXTURE_H_
#define FEDIVERSITY_TESTS_DATASOURCES_PROXMOX_SOURCE_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "provider/backends/backends.h"
#include "provider/base/clock.h"
#include "provider/base/text.h"
#include "provider/schema/engine.h"
#include "provider/wire/json.h"
#include "tests/emulators/proxmox/emulator.h"
#include "tests/emulators/proxmox/open_api.h"
#include "tests/support/diagnostics.h"

namespace fediversity::datasources {

// A data source on an emulated cluster of pve1, pve2 and pve3.
class ProxmoxSourceTest : public ::testing::Test {
 protected:
  using Make = std::unique_ptr<schema::AnyDataSource> (*)(const Slot<proxmox::Api>&);

  explicit ProxmoxSourceTest(Make make) : proxmox_({}), source_(make(backends_.proxmox)) {}

  // As an auditor, who may see everything and change nothing: that has to be enough for every data source.
  void SetUp() override { Configure(proxmox_.MakeToken("auditor@pve", "t", "PVEAuditor", "/")); }

  void Configure(const std::string& token) {
    backends_.proxmox.Fill(emulators::OpenApi(proxmox_, proxmox::ApiToken{Secret(token)}, clock_));
  }

  wire::Value Config(std::string_view json) const {
    auto config = wire::DecodeJson(json, source_->table().type);
    EXPECT_TRUE(config.ok()) << config.status();
    return config.ok() ? *std::move(config) : wire::Value::Null();
  }
  schema::DataResponse Read(std::string_view json) {
    schema::DataResponse response = schema::ReadDataSource(*source_, Config(json), {.cancel = never_});
    for (const auto& request : proxmox_.requests()) EXPECT_EQ(request.method, "GET") << request.path;
    return response;
  }
  std::vector<schema::Diagnostic> Validated(std::string_view json) {
    return schema::ValidateConfig(*source_, Config(json)).list();
  }

  static std::string Json(const wire::Value* value) {
    if (value == nullptr) return "nothing";
    auto const json = wire::WriteJson(*value);
    return json.ok() ? *json : json.status().ToString();
  }
  // One attribute of each row in the list `rows`, as JSON.
  std::vector<std::string> Column(const schema::DataResponse& response, std::string_view rows,
                                  std::string_view name) {
    for (const schema::Diagnostic& diagnostic : response.diagnostics.list()) {
      ADD_FAILURE() << ::testing::PrintToString(diagnostic);
    }
    std::vector<std::string> column;
    if (response.state.is_null()) return column;
    for (const wire::Value& row : response.state.Find(rows)->elements())
      column.push_back(Json(row.Find(name)));
    return column;
  }
  // Everything that was asked for, "GET /nodes".
  std::vector<std::string> Requests() const {
    std::vector<std::string> lines;
    for (const auto& request : proxmox_.requests()) lines.push_back(Cat({request.method, " ", request.path}));
    return lines;
  }

  emulators::ProxmoxEmulator proxmox_;
  Backends backends_;
  SystemClock clock_;
  CancelToken never_;
  std::unique_ptr<schema::AnyDataSource> source_;
};

}  // namespace fediversity::datasources

#endif  // FEDIVERSITY_TESTS_DATASOURCES_PROXMOX_SOURCE_FIXTURE_H_
