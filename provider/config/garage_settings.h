#ifndef FEDIVERSITY_PROVIDER_CONFIG_GARAGE_SETTINGS_H_
#define FEDIVERSITY_PROVIDER_CONFIG_GARAGE_SETTINGS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "provider/backends/garage/settings.h"
#include "provider/base/environment.h"
#include "provider/config/block_helpers.h"
#include "provider/schema/describe.h"
#include "provider/schema/model.h"
#include "provider/schema/timeouts.h"

namespace fediversity::config {

// `garage` in the provider block.
struct GarageBlock {
  schema::Value<std::string> endpoint;
  schema::Value<std::string> token;
  schema::Value<std::string> s3_endpoint;
  schema::Value<std::string> region;
  schema::Value<std::string> ca_file;
  schema::Value<std::string> fingerprint;
  schema::Value<bool> insecure;
  schema::Value<std::string> timeout;
};

constexpr auto kGarageBlock = schema::Describe<GarageBlock>(
    schema::Attr<&GarageBlock::endpoint>("endpoint")
        .Optional()
        .Check(kNotEmpty)
        .Doc(
            "URL of the admin API, such as `http://[::1]:3903`, or its socket, such as `unix:/run/garage/admin.sock`. "
            "Garage speaks no TLS itself: across a network, put a proxy that does in front of it. `GARAGE_ENDPOINT` in "
            "the environment, then `GARAGE_SCHEME` and `GARAGE_HOST`, stand in when it is left out. `HTTP_PROXY`, "
            "`HTTPS_PROXY` and `NO_PROXY` are followed, but for loopback addresses and sockets."),
    schema::Attr<&GarageBlock::token>("token").Optional().Sensitive().Check(kNotEmpty).Doc(
        "Admin token: one that `garage admin-token create` has shown, or `admin_token` of the server's "
        "configuration. `GARAGE_TOKEN`, then `GARAGE_ADMIN_TOKEN` in the environment when it is left out."),
    schema::Attr<&GarageBlock::s3_endpoint>("s3_endpoint")
        .Optional()
        .Check(kNotEmpty)
        .Doc(
            "URL or socket of the S3 API, such as `http://[::1]:3900`, through which buckets with `force_destroy` are "
            "emptied. `GARAGE_S3_ENDPOINT` in the environment when it is left out."),
    schema::Attr<&GarageBlock::region>("region").Optional().Check(kNotEmpty).Doc(
        "What the server's configuration calls `s3_region`; `GARAGE_REGION` in the environment, then `garage` when "
        "left out."),
    schema::Attr<&GarageBlock::ca_file>("ca_file").Optional().Check(kNotEmpty).Doc(
        "PEM file of the authority that signed the certificates of both endpoints. Left out, the system's authorities "
        "decide."),
    schema::Attr<&GarageBlock::fingerprint>("fingerprint")
        .Optional()
        .Check(kNotEmpty)
        .Doc("SHA-256 fingerprint of the only certificate that is accepted, in place of `ca_file`."),
    schema::Attr<&GarageBlock::insecure>("insecure")
        .Optional()
        .Doc(
            "Accepts any certificate, and with it whoever sits in between and reads the token. It is `false` when left "
            "out."),
    schema::Attr<&GarageBlock::timeout>("timeout")
        .Optional()
        .Check(schema::kDuration)
        .Doc(
            "Longest wait for one answer, such as `60s`, which is what it is when left out. What a resource may take as "
            "a whole is in its `timeouts`."));

// What the block and the environment come to; nullopt where neither names an endpoint. The environment variables are
// those of the Garage providers that are used most: GARAGE_ENDPOINT and GARAGE_TOKEN of jkossis/garage, GARAGE_SCHEME
// and GARAGE_HOST of those that came before it. `unknown` is set to the name of a setting, such as "garage.token", that
// is not known yet; then nothing else holds. InvalidArgument, on the attribute, for a value that cannot be.
absl::StatusOr<std::optional<garage::Settings>> ResolveGarage(const schema::Value<GarageBlock>& block,
                                                              const Environment& environment,
                                                              std::string& unknown);

}  // namespace fediversity::config

#endif  // FEDIVERSITY_PROVIDER_CONFIG_GARAGE_SETTINGS_H_
