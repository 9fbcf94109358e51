#ifndef FEDIVERSITY_PROVIDER_HTTP_FIELD_H_
#define FEDIVERSITY_PROVIDER_HTTP_FIELD_H_

#include <string>
#include <string_view>
#include <utility>

#include "provider/base/secret.h"

namespace fediversity::http {

// A name and its value: a header, or a parameter of a query or a form. A value given as Secret, such as that of
// Authorization, appears in no message and no log.
class Field {
 public:
  Field(std::string_view name, std::string_view value) : name_(name), value_(std::string(value)) {}
  Field(std::string_view name, Secret value) : name_(name), value_(std::move(value)), secret_(true) {}

  const std::string& name() const { return name_; }
  bool secret() const { return secret_; }
  // The value as it is sent.
  const std::string& Reveal() const { return value_.Reveal(); }
  // The value, or "(secret)".
  std::string_view Printable() const { return secret_ ? std::string_view("(secret)") : value_.Reveal(); }

 private:
  std::string name_;
  Secret value_;
  bool secret_ = false;
};

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_FIELD_H_
