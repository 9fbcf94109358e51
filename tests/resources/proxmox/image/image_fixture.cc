#include "tests/resources/proxmox/image/image_fixture.h"

#include <cstdlib>
#include <fstream>
#include <utility>

#include "provider/base/text.h"
#include "provider/wire/json.h"
#include "resources/proxmox/image.h"
#include "tests/emulators/proxmox/open_api.h"
#include "tests/emulators/proxmox/storage_files.h"

namespace fediversity::resources {
namespace {

emulators::Cluster::Settings Quick() {
  emulators::Cluster::Settings settings;
  settings.task_latency = std::chrono::milliseconds(0);
  return settings;
}

}  // namespace

ImageTest::ImageTest()
    : proxmox_(Quick()),
      resource_(MakeProxmoxImage(backends_.proxmox, backends_.journal)),
      host_(*resource_) {
  backends_.journal = journal_.journal();
  std::string pattern = ::testing::TempDir() + "image-test-XXXXXX";
  folder_ = mkdtemp(pattern.data()) == nullptr ? std::filesystem::path() : std::filesystem::path(pattern);
}

ImageTest::~ImageTest() {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

void ImageTest::SetUp() {
  ASSERT_FALSE(folder_.empty());
  Configure();
}

void ImageTest::TearDown() { EXPECT_THAT(host_.faults(), ::testing::IsEmpty()); }

void ImageTest::Configure(const std::string& token) {
  backends_.proxmox.Fill(emulators::OpenApi(proxmox_, proxmox::ApiToken{Secret(token)}, clock_));
}

std::string ImageTest::Sha256(const std::string& content) {
  return "sha256:" + emulators::HexDigest("sha256", content);
}

std::string ImageTest::Serve(const std::string& url, const std::string& content) {
  proxmox_.With([&](emulators::Cluster& cluster) {
    cluster.served[url] = {.size = content.size(),
                           .virtual_size = content.size(),
                           .sums = {{"sha256", emulators::HexDigest("sha256", content)},
                                    {"sha512", emulators::HexDigest("sha512", content)}}};
  });
  return Sha256(content);
}

std::string ImageTest::Write(const std::string& name, const std::string& content) {
  std::filesystem::path const path = folder_ / name;
  std::ofstream(path, std::ios::binary) << content;
  return path.string();
}

void ImageTest::PutVolume(const std::string& id, const std::string& content, const std::string& node) {
  std::size_t const colon = id.find(':');
  std::size_t const slash = id.find('/');
  proxmox_.With([&](emulators::Cluster& cluster) {
    emulators::Volume volume{.id = id, .storage = id.substr(0, colon), .node = node};
    volume.content = id.substr(colon + 1, slash - colon - 1);
    volume.format = id.substr(id.rfind('.') + 1);
    volume.size = volume.used = content.size();
    volume.ctime = cluster.Wall();
    volume.checksum = Sha256(content);
    cluster.AddVolume(std::move(volume));
  });
}

wire::Value ImageTest::Config(std::string_view json) const {
  auto config = wire::DecodeJson(R"({"node": "pve1", "storage": "local", "file_name": "x.qcow2"})",
                                 resource_->table().type);
  auto const more = wire::DecodeJson(json, resource_->table().type);
  EXPECT_TRUE(config.ok() && more.ok()) << config.status() << more.status();
  if (!config.ok() || !more.ok()) return wire::Value::Null();
  for (const auto& [name, value] : more->entries()) {
    if (!value.is_null()) config->Set(name, value);
  }
  return *std::move(config);
}

bool ImageTest::Apply(std::string_view json) {
  Configure();
  if (host_.exists() && !host_.Refresh()) return false;
  auto const plan = host_.MakePlan(Config(json));
  return plan.has_value() && host_.Apply(*plan);
}

ImageTest::Action ImageTest::Planned(std::string_view json) {
  Configure();
  if (host_.exists() && !host_.Refresh()) {
    ADD_FAILURE() << host_.Errors();
    return Action::kDelete;
  }
  auto const plan = host_.MakePlan(Config(json));
  EXPECT_TRUE(plan.has_value()) << host_.Errors();
  return plan.has_value() ? plan->action : Action::kDelete;
}

bool ImageTest::Import(std::string_view id) {
  Configure();
  return host_.Import({.id = std::string(id), .identity = {}});
}

std::string ImageTest::State(std::string_view attribute) const {
  const wire::Value* const value = host_.state().is_null() ? nullptr : host_.state().Find(attribute);
  if (value == nullptr) return "nothing";
  auto const json = wire::WriteJson(*value);
  return json.ok() ? *json : json.status().ToString();
}

std::vector<std::string> ImageTest::Held() {
  return proxmox_.With([](emulators::Cluster& cluster) {
    std::vector<std::string> held;
    for (const auto& [key, volume] : cluster.volumes()) {
      // The emulator notes that of an upload without its algorithm.
      bool const bare = volume.checksum.find(':') == std::string::npos && !volume.checksum.empty();
      held.push_back(Cat({volume.id, " ", bare ? "sha256:" : "", volume.checksum}));
    }
    return held;
  });
}

std::vector<std::string> ImageTest::Requests() const {
  std::vector<std::string> lines;
  for (const auto& request : proxmox_.requests()) {
    if (request.path.find("/tasks/") == std::string::npos)
      lines.push_back(Cat({request.method, " ", request.path}));
  }
  return lines;
}

}  // namespace fediversity::resources
