#include "tests/emulators/garage/web_api.h"

#include "tests/emulators/common/percent.h"

namespace fediversity::emulators::garage {
namespace {

constexpr int kNoSuchPage = 404;

HttpAnswer NotFound() {
  return {.status = kNoSuchPage,
          .body = "<title>404 Not Found</title>\n<h1>404 Not Found</h1>",
          .content_type = "text/html; charset=utf-8"};
}

}  // namespace

HttpAnswer ServeWebsite(Store& store, const HttpRequest& request, std::string&) {
  constexpr std::string_view kRoot = ".web.garage.localhost";
  std::string host = request.Header("Host");
  host = host.substr(0, host.find(':'));
  if (host.ends_with(kRoot)) host.resize(host.size() - kRoot.size());
  const Bucket* const bucket = store.FindByAlias(host);
  if (bucket == nullptr || !bucket->website.has_value() || request.method != "GET") return NotFound();
  std::string page = PercentDecode(request.target.substr(1, request.target.find('?') - 1), false);
  if (page.empty() || page.ends_with('/')) page += bucket->website->index;
  auto const found = bucket->objects.find(page);
  if (found != bucket->objects.end()) {
    return {.body = found->second, .content_type = "application/octet-stream"};
  }
  auto const error = bucket->objects.find(bucket->website->error.value_or(""));
  if (error == bucket->objects.end()) return NotFound();
  return {.status = kNoSuchPage, .body = error->second, .content_type = "text/html; charset=utf-8"};
}

}  // namespace fediversity::emulators::garage
