#include "provider/http/request.h"

#include <gmock/gmock.h>

#include <vector>

#include "provider/http/percent.h"

namespace fediversity::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Request, PathSegmentsAndQueryAreData) {
  Request const request{.path = {"storage", "local:iso/a b.iso"}, .query = {{"q", "a&b=c+d"}, {"é", "%"}}};
  EXPECT_EQ(TargetOf(request), "/storage/local%3Aiso%2Fa%20b.iso?q=a%26b%3Dc%2Bd&%C3%A9=%25");
}

TEST(Request, EncodesEveryByteThatIsNotUnreserved) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  std::string const encoded = PercentEncode(all);
  EXPECT_THAT(encoded, HasSubstr("0123456789"));
  EXPECT_THAT(encoded, HasSubstr("%00%01"));
  EXPECT_THAT(encoded, HasSubstr("%2C-.%2F"));
  EXPECT_TRUE(encoded.ends_with("%FE%FF"));
  EXPECT_EQ(encoded.size(), 66 + 3 * (256 - 66));
  EXPECT_EQ(PercentDecode(encoded), all);
}

TEST(Request, DecodesOnlyWhatIsEncoded) {
  EXPECT_EQ(PercentDecode("a+b%2fc"), "a+b/c");
  for (const char* const text : {"%", "%2", "a%2", "%2g", "%%20"})
    EXPECT_EQ(PercentDecode(text), std::nullopt) << text;
}

TEST(Request, SecretsAreSentButNotShown) {
  Request const request{.path = {"a"}, .query = {{"user", "u"}, {"ticket", Secret("hush")}}};
  EXPECT_EQ(TargetOf(request), "/a?user=u&ticket=hush");
  EXPECT_EQ(PrintableLine(request), "GET /a?user=u&ticket=(secret)");
  EXPECT_EQ(PrintableLine(Request{.method = Method::kDelete}), "DELETE /");
}

TEST(Request, FormsAreEncoded) {
  std::vector<Field> const fields = {{"scsi0", "local:1,size=2"}, {"password", Secret("a&b")}};
  Body const body = FormBody(fields);
  EXPECT_EQ(body.content_type, "application/x-www-form-urlencoded");
  EXPECT_EQ(body.bytes.Reveal(), "scsi0=local%3A1%2Csize%3D2&password=a%26b");
}

TEST(Request, RefusesWhatWouldBecomeSomethingElse) {
  EXPECT_TRUE(CheckRequest({.path = {"a", "b"}, .headers = {{"X-A", "tab\tis fine"}, {"X-B", ""}}}).ok());
  for (const char* const segment : {"", ".", ".."}) {
    EXPECT_TRUE(absl::IsInvalidArgument(CheckRequest({.path = {"a", segment}}))) << segment;
  }
  for (const char* const name : {"", "X A", "X:", "X\r\n"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(CheckRequest({.headers = {{name, "v"}}}))) << name;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(CheckRequest({.body = JsonBody("{}")})));
}

TEST(Request, DoesNotRepeatARefusedSecret) {
  absl::Status const status = CheckRequest({.headers = {{"Authorization", Secret("hush\nX-Admin: 1")}}});
  ASSERT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("Authorization"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("hush")));
}

TEST(Request, ReadsAndMarkedWritesAreRepeatable) {
  EXPECT_TRUE(IsRepeatable({.method = Method::kGet}));
  EXPECT_TRUE(IsRepeatable({.method = Method::kHead}));
  EXPECT_TRUE(IsRepeatable({.method = Method::kPost, .idempotent = true}));
  // PUT and DELETE are idempotent by the book, but services answer the second differently.
  for (Method const method : {Method::kPost, Method::kPut, Method::kPatch, Method::kDelete}) {
    EXPECT_FALSE(IsRepeatable({.method = method})) << NameOf(method);
  }
}

TEST(Request, CutsItsSecretsOutOfText) {
  Request const request{.query = {{"key", Secret("s3cr3t-query")}},
                        .headers = {{"Authorization", Secret("Bearer tok3n")},
                                    {"Authorization", Secret("PVEAPIToken=root@pam!ci=c0ffee")},
                                    {"Cookie", Secret("PVEAuthCookie=PVE:root@pam:6B03E158::s1gna=ture==")},
                                    {"X-Short", Secret("abc")},
                                    {"X-Open", "visible"}}};
  EXPECT_EQ(WithoutSecrets("bad tok3n, bad Bearer tok3n, c0ffee s3cr3t-query abc visible", request),
            "bad (secret), bad (secret), (secret) (secret) abc visible");
  EXPECT_EQ(WithoutSecrets("invalid ticket 'PVE:root@pam:6B03E158::s1gna=ture=='", request),
            "invalid ticket '(secret)'");
}

}  // namespace
}  // namespace fediversity::http
