#include "provider/rpc/convert.h"

#include <string>
#include <utility>
#include <variant>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/wire/json.h"
#include "provider/wire/msgpack.h"

namespace fediversity::rpc {

absl::StatusOr<wire::Value> FromProto(const tfplugin6::DynamicValue& value, const wire::Type& type,
                                      std::string_view what) {
  if (value.msgpack().empty() && value.json().empty()) return wire::Value::Null();
  absl::StatusOr<wire::Value> decoded = value.msgpack().empty() ? wire::DecodeJson(value.json(), type)
                                                                : wire::DecodeMsgpack(value.msgpack(), type);
  if (decoded.ok()) return decoded;
  static constexpr std::string_view kRemedy =
      ". Host and provider disagree about the schema: run `tofu init -upgrade`, and report this if it stays.";
  return absl::InvalidArgumentError(
      ToAbsl(Cat({"The host sent a value that the schema does not allow\nReading ", what, ": ",
                  ToStd(decoded.status().message()), kRemedy})));
}

absl::Status ToProto(const wire::Value& value, const wire::Type& type, tfplugin6::DynamicValue& out) {
  ASSIGN_OR_RETURN(*out.mutable_msgpack(), wire::EncodeMsgpack(value, type));
  return absl::OkStatus();
}

tfplugin6::AttributePath ToProto(const wire::Path& path) {
  tfplugin6::AttributePath converted;
  for (const wire::Path::Step& step : path.steps()) {
    if (std::holds_alternative<wire::Path::SetElement>(step)) break;
    tfplugin6::AttributePath::Step& out = *converted.add_steps();
    if (const auto* attribute = std::get_if<wire::Path::Attribute>(&step)) {
      out.set_attribute_name(ValidUtf8(attribute->name));
    } else if (const auto* key = std::get_if<wire::Path::Key>(&step)) {
      out.set_element_key_string(ValidUtf8(key->key));
    } else {
      out.set_element_key_int(std::get<wire::Path::Index>(step).index);
    }
  }
  return converted;
}

void ToProto(const schema::Diagnostics& diagnostics, ProtoDiagnostics& out) {
  for (const schema::Diagnostic& diagnostic : diagnostics.list()) {
    tfplugin6::Diagnostic& converted = *out.Add();
    converted.set_severity(diagnostic.severity == schema::Diagnostic::Severity::kWarning
                               ? tfplugin6::Diagnostic::WARNING
                               : tfplugin6::Diagnostic::ERROR);
    converted.set_summary(ValidUtf8(diagnostic.summary));
    converted.set_detail(ValidUtf8(diagnostic.detail));
    if (tfplugin6::AttributePath path = ToProto(diagnostic.path); path.steps_size() > 0) {
      *converted.mutable_attribute() = std::move(path);
    }
  }
}

void ToProto(const absl::Status& error, ProtoDiagnostics& out) {
  schema::Diagnostics diagnostics;
  diagnostics.AddStatus(error);
  ToProto(diagnostics, out);
}

}  // namespace fediversity::rpc
