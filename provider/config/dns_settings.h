#ifndef FEDIVERSITY_PROVIDER_CONFIG_DNS_SETTINGS_H_
#define FEDIVERSITY_PROVIDER_CONFIG_DNS_SETTINGS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "provider/backends/dns/rfc2136_store.h"
#include "provider/base/environment.h"
#include "provider/config/block_helpers.h"
#include "provider/schema/describe.h"
#include "provider/schema/model.h"
#include "provider/schema/timeouts.h"

namespace fediversity::config {

struct TsigBlock {
  schema::Value<std::string> name;
  schema::Value<std::string> algorithm;
  schema::Value<std::string> secret;
};

struct TransferBlock {
  schema::Value<std::string> server;
  schema::Value<std::int64_t> port;
  schema::Value<TsigBlock> tsig;
};

// `dns` in the provider block.
struct DnsBlock {
  schema::Value<std::string> server;
  schema::Value<std::int64_t> port;
  schema::Value<TsigBlock> tsig;
  schema::Value<TransferBlock> transfer;
  schema::Value<std::string> timeout;
};

constexpr schema::RuleSpec kPort = {"must be a port number, 1 to 65535.", [](const wire::Value& value) {
                                      auto const port = value.number().ToInt64();
                                      return port.has_value() && *port >= 1 && *port <= 65535;
                                    }};
constexpr auto kTsigBlock = schema::Describe<TsigBlock>(
    schema::Attr<&TsigBlock::name>("name").Required().Check(kNotEmpty).Doc("Name of the key."),
    schema::Attr<&TsigBlock::algorithm>("algorithm")
        .Optional()
        .Doc("HMAC of the key: `hmac-md5`, `hmac-sha1`, `hmac-sha224`, `hmac-sha256` (taken when left out), "
             "`hmac-sha384` or `hmac-sha512`."),
    schema::Attr<&TsigBlock::secret>("secret").Required().Sensitive().Doc("The key itself, in base64."));

constexpr auto kTransferBlock = schema::Describe<TransferBlock>(
    schema::Attr<&TransferBlock::server>("server").Optional().Check(kNotEmpty).Doc(
        "Name or address of the server that zones are transferred from. Left out, it is the server that takes "
        "updates."),
    schema::Attr<&TransferBlock::port>("port").Optional().Check(kPort).Doc(
        "TCP port of that server. Left out, it is 53, or where `server` is left out too that of the server that takes "
        "updates."),
    schema::Attr<&TransferBlock::tsig>("tsig").Optional().Nested<kTsigBlock>().Doc(
        "Key that signs transfers. Left out, transfers from another server are not signed; from the server that "
        "takes updates they are signed with its key."));

constexpr auto kDnsBlock = schema::Describe<DnsBlock>(
    schema::Attr<&DnsBlock::server>("server").Optional().Check(kNotEmpty).Doc(
        "Name or address of the primary name server, which takes updates (RFC 2136). `DNS_UPDATE_SERVER` in the "
        "environment stands in when it is left out."),
    schema::Attr<&DnsBlock::port>("port").Optional().Check(kPort).Doc(
        "TCP port of that server; `DNS_UPDATE_PORT`, then 53 when left out."),
    schema::Attr<&DnsBlock::tsig>("tsig").Optional().Nested<kTsigBlock>().Doc(
        "Key that signs updates and queries (TSIG, RFC 8945). `DNS_UPDATE_KEYNAME`, `DNS_UPDATE_KEYALGORITHM` and "
        "`DNS_UPDATE_KEYSECRET` stand in when it is left out."),
    schema::Attr<&DnsBlock::transfer>("transfer")
        .Optional()
        .Nested<kTransferBlock>()
        .Doc("Where zones are read from, if not from `server` with `tsig`. A plan needs only this key."),
    schema::Attr<&DnsBlock::timeout>("timeout")
        .Optional()
        .Check(schema::kDuration)
        .Doc(
            "Longest wait for a connection or an answer, such as `10s`; `DNS_UPDATE_TIMEOUT`, then `10s` when left out."));

// What the block and the environment come to; nullopt where neither names a server. `unknown` is set to the
// name of a setting, such as "dns.tsig.secret", that is not known yet; then nothing else holds.
// InvalidArgument, on the attribute, for a value that cannot be.
absl::StatusOr<std::optional<dns::Rfc2136Settings>> ResolveDns(const schema::Value<DnsBlock>& block,
                                                               const Environment& environment,
                                                               std::string& unknown);

}  // namespace fediversity::config

#endif  // FEDIVERSITY_PROVIDER_CONFIG_DNS_SETTINGS_H_
