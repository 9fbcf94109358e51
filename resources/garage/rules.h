#ifndef FEDIVERSITY_RESOURCES_GARAGE_RULES_H_
#define FEDIVERSITY_RESOURCES_GARAGE_RULES_H_

// What single attributes of Garage's resources have to obey. Lists that grow with Garage are left to the service.

#include <string>

#include "provider/schema/describe.h"

namespace fediversity::resources {

bool IsBucketId(const wire::Value& value);
bool IsBucketAlias(const wire::Value& value);
bool IsAccessKeyId(const wire::Value& value);
bool IsSecretAccessKey(const wire::Value& value);
bool IsByteSize(const wire::Value& value);
std::string AdviseByteSize(const wire::Value& value);
bool IsExpiration(const wire::Value& value);
bool IsExpirationDate(const wire::Value& value);
bool IsDocumentName(const wire::Value& value);
bool IsAtLeastZero(const wire::Value& value);
bool IsAtLeastOne(const wire::Value& value);
bool IsRedirectProtocol(const wire::Value& value);

constexpr schema::RuleSpec kBucketId = {"must be the id of a bucket: 64 hexadecimal digits in lower case.",
                                        IsBucketId};
// A server with `allow_punycode` takes names that begin with "xn--", so that is left to it.
constexpr schema::RuleSpec kBucketAlias = {
    "must be 3 to 63 characters out of a-z, 0-9, `.` and `-`, must begin and end with a letter or a digit, must not be "
    "an IP address and must not end with `-s3alias`.",
    IsBucketAlias};
constexpr schema::RuleSpec kAccessKeyId = {
    "must be at least 8 characters out of letters, digits, `-`, `_` and `.`; before Garage 2.3, `GK` and 24 hexadecimal "
    "digits.",
    IsAccessKeyId};
constexpr schema::RuleSpec kSecretAccessKey = {
    "must be at least 16 printable ASCII characters without spaces; before Garage 2.3, 64 hexadecimal digits.",
    IsSecretAccessKey};
constexpr schema::RuleSpec kByteSize = {
    "must be a size with a unit, such as \"50G\" (binary) or \"50GB\" (decimal).", IsByteSize,
    AdviseByteSize};
constexpr schema::RuleSpec kExpiration = {
    "must be a point in time such as \"2030-01-31T12:00:00Z\" (RFC 3339), or \"never\".", IsExpiration};
constexpr schema::RuleSpec kExpirationDate = {
    "must be a date such as \"2030-01-31\", which means midnight in UTC.", IsExpirationDate};
constexpr schema::RuleSpec kDocumentName = {"must not be empty and must not contain `/`.", IsDocumentName};
constexpr schema::RuleSpec kAtLeastZero = {"must not be negative.", IsAtLeastZero};
constexpr schema::RuleSpec kAtLeastOne = {"must be at least 1.", IsAtLeastOne};
constexpr schema::RuleSpec kRedirectProtocol = {"must be \"http\" or \"https\".", IsRedirectProtocol};
constexpr schema::RuleSpec kSomeText = {"must not be empty.",
                                        [](const wire::Value& value) { return !value.string().empty(); }};
constexpr schema::RuleSpec kSomeElements = {
    "must have at least one element.", [](const wire::Value& value) { return !value.elements().empty(); }};

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_GARAGE_RULES_H_
