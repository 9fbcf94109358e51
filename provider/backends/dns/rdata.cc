#include "provider/backends/dns/rdata.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "provider/backends/dns/rdata_layout.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {

absl::StatusOr<Rdata> Rdata::FromWire(RecordType type, std::string_view wire) {
  if (wire.size() > 65535) {
    return absl::InvalidArgumentError(Cat({RecordTypeName(type), " data is over 65,535 octets"}));
  }
  ASSIGN_OR_RETURN(std::vector<FieldData> const fields, SplitFields(type, wire));
  Rdata data;
  data.type_ = type;
  data.wire_ = wire;
  // Wider than RFC 4034, 6.2, where the names of newer types keep their case: those are to sign, not to
  // compare.
  std::string canonical;
  for (const FieldData& field : fields) {
    canonical += field.field.kind == FieldKind::kName ? absl::AsciiStrToLower(ToAbsl(field.wire))
                                                      : std::string(field.wire);
  }
  if (!fields.empty() && canonical != data.wire_) data.canonical_ = std::move(canonical);
  return data;
}

std::strong_ordering operator<=>(const Rdata& a, const Rdata& b) {
  if (a.type_ != b.type_) return a.type_ <=> b.type_;
  return a.canonical() <=> b.canonical();
}

}  // namespace fediversity::dns
