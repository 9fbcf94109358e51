#include "absl/strings/ascii.h"
#include "tests/provider/backends/dns/store_fixture.h"

namespace fediversity::dns {
namespace {

const std::string kDigest(64, 'a');

struct Sample {
  std::string type;
  std::vector<std::string> first;
  std::vector<std::string> second;  // shares a record with the first where the type allows two
};

const Sample kSamples[] = {
    {"A", {"192.0.2.1", "192.0.2.2"}, {"192.0.2.2", "192.0.2.3"}},
    {"AAAA", {"2001:DB8::1"}, {"2001:db8::2", "2001:db8::1"}},
    {"AFSDB", {"1 afs.example.org."}, {"1 afs.example.org.", "2 afs"}},
    {"APL", {"1:192.168.32.0/21 !1:192.168.38.0/28"}, {"2:2001:db8::/32"}},
    {"CAA", {"0 issue letsencrypt.org"}, {R"(0 issue "letsencrypt.org")", R"(0 iodef "mailto:a@b")"}},
    {"CERT", {"PKIX 1 RSASHA256 AQID"}, {"1 2 8 AQID"}},
    {"CNAME", {"www"}, {"www.example.org."}},
    {"CSYNC", {"66 3 A NS AAAA"}, {"67 3 NS"}},
    {"DNAME", {"new"}, {"newer.example.org."}},
    {"DS", {"12345 13 2 " + kDigest}, {"12345 13 2 " + kDigest, "12346 13 2 " + kDigest}},
    {"EUI48", {"00-00-5e-00-53-2a"}, {"00-00-5e-00-53-2a", "00-00-5e-00-53-2b"}},
    {"EUI64", {"00-00-5e-ef-10-00-00-2a"}, {"00-00-5e-ef-10-00-00-2b"}},
    {"HINFO", {R"(PC "Linux 6")"}, {"PC BSD"}},
    {"HTTPS", {"1 . alpn=h3,h2"}, {"1 . alpn=h3,h2", "2 svc ipv4hint=192.0.2.1 port=8443"}},
    {"KX", {"10 kx.example.org."}, {"10 kx.example.org.", "20 kx"}},
    {"LOC", {"52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m"}, {"42 21 54 N 71 06 18 W -24m 30m"}},
    {"MX", {"10 mail.example.org."}, {"0 ."}},
    {"NAPTR", {R"(100 50 "s" "z3950+I2L+I2C" "" _z3950._tcp)"}, {R"(10 10 u E2U+sip "!^.*$!sip:a@b!" .)"}},
    {"NS", {"ns.example.org."}, {"ns.example.org.", "ns2.example.org."}},
    {"OPENPGPKEY", {"AQIDBAUG"}, {"AQIDBAUH"}},
    {"PTR", {"Host.example.org."}, {"host.example.org.", "host2.example.org."}},
    {"RP", {"admin text"}, {"admin ."}},
    {"SMIMEA", {"3 1 1 " + kDigest}, {"3 1 2 " + kDigest + kDigest}},
    {"SRV", {"0 5 5060 sip.example.org."}, {"0 5 5060 sip.example.org.", "0 5 5061 sip"}},
    {"SSHFP", {"4 2 " + kDigest}, {"4 2 " + kDigest, "1 2 " + kDigest}},
    {"SVCB", {"16 foo mandatory=port,alpn port=53 alpn=dot"}, {"0 foo.example.org."}},
    {"TLSA", {"3 1 1 " + kDigest}, {"2 1 1 " + kDigest}},
    {"TXT", {R"("a" "b")", R"("")", R"("say \"hi\" \\ back")", R"("\000\255")"}, {"v=spf1 -all", R"("ab")"}},
    {"URI", {R"(10 1 "ftp://ftp1.example/")"}, {R"(10 2 "ftp://ftp1.example/")"}},
    {"TYPE65280", {R"(\# 3 010203)", R"(\# 1 ff)"}, {R"(\# 3 010204)"}},
};

class TypesTest : public StoreTest, public ::testing::WithParamInterface<bool> {};

INSTANTIATE_TEST_SUITE_P(Reading, TypesTest, ::testing::Bool(),
                         [](const auto& way) { return way.param ? "ByTransfer" : "ByQuery"; });

TEST_P(TypesTest, EveryTypeIsCreatedReadChangedAndDeleted) {
  StartServer("ds NS ns.example.org.\n");
  Rfc2136Settings settings = Settings();
  settings.use_transfer = GetParam();
  std::unique_ptr<RecordStore> const store = Store(settings);
  for (const auto& [type, first, second] : kSamples) {
    SCOPED_TRACE(type);
    std::string const name = absl::AsciiStrToLower(type);
    RecordSet const before = Set(name, type, 60, first);
    RecordSet const after = Set(name, type, 120, second);
    EXPECT_EQ(Show(store->Create(before, limits_)), Show(before));
    EXPECT_EQ(Show(store->Read(before.key, limits_)), Show(before));
    EXPECT_EQ(Show(Store(settings)->Read(before.key, limits_)), Show(before)) << "as the server has it";
    EXPECT_FAILS(store->Create(before, limits_), kAlreadyExists, "exists already");
    EXPECT_EQ(Show(store->Replace(before, after, limits_)), Show(after));
    EXPECT_EQ(Show(Store(settings)->Read(before.key, limits_)), Show(after)) << "as the server has it";
    EXPECT_FAILS(store->Replace(before, after, limits_), kAborted, "changed by somebody else");
    EXPECT_FAILS(store->Delete(before, limits_), kAborted, "changed by somebody else");
    EXPECT_EQ(store->Delete(after, limits_), absl::OkStatus());
    EXPECT_FAILS(Store(settings)->Read(before.key, limits_), kNotFound, "does not exist");
  }
  EXPECT_EQ(std::size(kSamples), ManagedTypeNames().size() + 1);
}

}  // namespace
}  // namespace fediversity::dns
