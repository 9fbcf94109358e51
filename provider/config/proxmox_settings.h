#ifndef FEDIVERSITY_PROVIDER_CONFIG_PROXMOX_SETTINGS_H_
#define FEDIVERSITY_PROVIDER_CONFIG_PROXMOX_SETTINGS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "provider/backends/proxmox/settings.h"
#include "provider/base/environment.h"
#include "provider/config/block_helpers.h"
#include "provider/schema/describe.h"
#include "provider/schema/model.h"
#include "provider/schema/timeouts.h"

namespace fediversity::config {

// `proxmox` in the provider block.
struct ProxmoxBlock {
  schema::Value<schema::List<std::string>> endpoints;
  schema::Value<std::string> api_token;
  schema::Value<std::string> username;
  schema::Value<std::string> password;
  schema::Value<std::string> ca_file;
  schema::Value<std::string> fingerprint;
  schema::Value<bool> insecure;
  schema::Value<std::string> timeout;
};

constexpr schema::RuleSpec kNotEmptyList = {
    "must not be empty.", [](const wire::Value& value) { return !value.elements().empty(); }};

constexpr auto kProxmoxBlock = schema::Describe<ProxmoxBlock>(
    schema::Attr<&ProxmoxBlock::endpoints>("endpoints")
        .Optional()
        .Check(kNotEmptyList)
        .CheckEach(kNotEmpty)
        .Doc(
            "URLs of nodes of one cluster, such as `https://pve1.example.org:8006`. The first that answers is used. "
            "`PROXMOX_VE_ENDPOINT` in the environment stands in when it is left out. Requests go through the proxy that "
            "`HTTPS_PROXY` names, unless `NO_PROXY` lists the host."),
    schema::Attr<&ProxmoxBlock::api_token>("api_token")
        .Optional()
        .Sensitive()
        .Check(kNotEmpty)
        .Doc("API token, as `user@realm!name=secret`; `PROXMOX_VE_API_TOKEN` when no credentials are given."),
    schema::Attr<&ProxmoxBlock::username>("username")
        .Optional()
        .Check(kNotEmpty)
        .Doc(
            "User with the realm, such as `root@pam`, in place of a token; `PROXMOX_VE_USERNAME` when no credentials "
            "are given."),
    schema::Attr<&ProxmoxBlock::password>("password")
        .Optional()
        .Sensitive()
        .Check(kNotEmpty)
        .Doc("Password of that user; `PROXMOX_VE_PASSWORD` when it is left out."),
    schema::Attr<&ProxmoxBlock::ca_file>("ca_file").Optional().Check(kNotEmpty).Doc(
        "PEM file of the authority that signed the nodes' certificates: `/etc/pve/pve-root-ca.pem` of a node, where "
        "they are the cluster's own. Left out, the system's authorities decide."),
    schema::Attr<&ProxmoxBlock::fingerprint>("fingerprint")
        .Optional()
        .Check(kNotEmpty)
        .Doc(
            "SHA-256 fingerprint of the only certificate that is accepted, in place of `ca_file`. Nodes have "
            "certificates of their own: write their fingerprints with commas between them."),
    schema::Attr<&ProxmoxBlock::insecure>("insecure")
        .Optional()
        .Doc("Accepts any certificate, and with it whoever sits in between and reads the credentials. "
             "`PROXMOX_VE_INSECURE`, then `false` when left out."),
    schema::Attr<&ProxmoxBlock::timeout>("timeout")
        .Optional()
        .Check(schema::kDuration)
        .Doc(
            "Longest wait for one answer, such as `60s`, which is what it is when left out. What a resource may take "
            "as a whole is in its `timeouts`."));

// What the block and the environment come to; nullopt where neither names an endpoint. The environment variables are
// those of the bpg/proxmox provider. `unknown` is set to the name of a setting, such as "proxmox.api_token", that is
// not known yet; then nothing else holds. InvalidArgument, on the attribute, for a value that cannot be.
absl::StatusOr<std::optional<proxmox::Settings>> ResolveProxmox(const schema::Value<ProxmoxBlock>& block,
                                                                const Environment& environment,
                                                                std::string& unknown);

}  // namespace fediversity::config

#endif  // FEDIVERSITY_PROVIDER_CONFIG_PROXMOX_SETTINGS_H_
