#include "provider/backends/garage/decode.h"
#include "provider/backends/garage/http_api.h"
#include "provider/base/status_macros.h"

namespace fediversity::garage {

using nlohmann::json;

absl::StatusOr<Health> HttpApi::ReadHealth(const CallLimits& limits) {
  std::string const what = "The cluster: reading its health";
  ASSIGN_OR_RETURN(json const answer, client_.Get("GetClusterHealth", {}, what, limits));
  return DecodeHealth(answer, what);
}

absl::StatusOr<ClusterStatus> HttpApi::ReadStatus(const CallLimits& limits) {
  std::string const what = "The cluster: reading its nodes";
  ASSIGN_OR_RETURN(json const answer, client_.Get("GetClusterStatus", {}, what, limits));
  return DecodeStatus(answer, what);
}

absl::StatusOr<Layout> HttpApi::ReadLayout(const CallLimits& limits) {
  std::string const what = "The cluster: reading its layout";
  ASSIGN_OR_RETURN(json const answer, client_.Get("GetClusterLayout", {}, what, limits));
  return DecodeLayout(answer, what);
}

absl::StatusOr<Statistics> HttpApi::ReadStatistics(const CallLimits& limits) {
  std::string const what = "The cluster: reading its statistics";
  ASSIGN_OR_RETURN(json const answer, client_.Get("GetClusterStatistics", {}, what, limits));
  return DecodeStatistics(answer, what);
}

absl::StatusOr<std::string> HttpApi::ReadVersion(const CallLimits& limits) {
  std::string const what = "The server: reading its version";
  ASSIGN_OR_RETURN(json const answer, client_.Get("GetNodeInfo", {{"node", "self"}}, what, limits));
  return DecodeVersion(answer, what);
}

absl::StatusOr<TokenInfo> HttpApi::ReadToken(const CallLimits& limits) {
  std::string const what = "The admin token: reading what it may do";
  ASSIGN_OR_RETURN(json const answer, client_.Get("GetCurrentAdminTokenInfo", {}, what, limits));
  return DecodeToken(answer, what);
}

}  // namespace fediversity::garage
