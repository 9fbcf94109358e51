#include "provider/backends/proxmox/text/guest_identity.h"

#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/time/time.h"
#include "provider/backends/proxmox/text/property_string.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {

absl::StatusOr<GuestIdentity> GuestIdentity::FromConfig(const ConfigText& config) {
  GuestIdentity identity;
  if (const std::string* const text = FindValue(config, "smbios1")) {
    ASSIGN_OR_RETURN(PropertyString const smbios, PropertyString::Parse(kSmbiosKind, *text));
    std::optional<std::string_view> const uuid = smbios.Get("uuid");
    if (uuid.has_value()) identity.uuid = absl::AsciiStrToLower(ToAbsl(*uuid));
  }
  if (const std::string* const text = FindValue(config, "meta")) {
    ASSIGN_OR_RETURN(PropertyString const meta, PropertyString::Parse(kMetaKind, *text));
    ASSIGN_OR_RETURN(identity.created, meta.GetInteger("ctime"));
  }
  return identity;
}

IdentityMatch GuestIdentity::Compare(const GuestIdentity& other) const {
  bool const both_have_uuid = !uuid.empty() && !other.uuid.empty();
  bool const both_have_time = created.has_value() && other.created.has_value();
  if (both_have_uuid && uuid != other.uuid) return IdentityMatch::kOther;
  if (both_have_time && *created != *other.created) return IdentityMatch::kOther;
  return both_have_uuid || both_have_time ? IdentityMatch::kSame : IdentityMatch::kUnknown;
}

std::string GuestIdentity::ToText() const {
  std::string const id = uuid.empty() ? "no UUID" : Cat({"UUID ", uuid});
  if (!created.has_value()) return Cat({id, ", created at an unknown time"});
  std::string const time =
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(*created), absl::UTCTimeZone());
  return Cat({id, ", created ", time});
}

}  // namespace fediversity::proxmox
