#include "provider/backends/dns/rdata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "provider/base/subprocess.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

using ::testing::HasSubstr;

Name Zone() { return *Name::ParseAbsolute("example.test"); }

std::string Hex(const Rdata& data) { return absl::AsciiStrToUpper(absl::BytesToHexString(data.wire())); }

// The data as BIND reads it, in hexadecimal digits; empty where BIND refuses it.
std::string BindReads(std::string_view type, std::string_view text) {
  CancelToken const cancel;
  absl::StatusOr<CommandResult> const result =
      RunCommand({.arguments = {"named-rrchecker", "-o", "example.test", "-u"}},
                 Cat({"IN ", type, " ", text, "\n"}), cancel, absl::Now() + absl::Seconds(30));
  EXPECT_TRUE(result.ok()) << result.status();
  if (!result.ok() || !result->status.ok()) return "";
  std::string const& out = result->output;
  if (out.ends_with("\\# 0\n")) return "";
  std::size_t const end = out.find_last_not_of('\n');
  std::size_t const start = out.find_last_of(" \t", end);
  return out.substr(start + 1, end - start);
}

struct Sample {
  std::string type;
  std::string text;
  std::string shown;  // as FormatRdata writes it
};

const std::string kDigest(64, 'a');

const Sample kSamples[] = {
    Sample{"A", "192.0.2.1", "192.0.2.1"},
    Sample{"AAAA", "2001:DB8:0:0::1", "2001:db8::1"},
    Sample{"AAAA", "::ffff:192.0.2.1", "::ffff:192.0.2.1"},
    Sample{"AFSDB", "1 Host", "1 host.example.test."},
    Sample{"APL", "1:192.168.32.0/21 !1:192.168.38.0/28 2:2001:db8::/32",
           "1:192.168.32.0/21 !1:192.168.38.0/28 2:2001:db8::/32"},
    Sample{"APL", "1:0.0.0.0/0", "1:0.0.0.0/0"},
    Sample{"CAA", R"(0 issue "letsencrypt.org; a=b")", R"(0 issue "letsencrypt.org; a=b")"},
    Sample{"CAA", "0 issue letsencrypt.org", R"(0 issue "letsencrypt.org")"},
    Sample{"CAA", "0 issue ;", R"(0 issue ";")"},
    Sample{"CAA", R"(128 iodef "mailto:a@b")", R"(128 iodef "mailto:a@b")"},
    Sample{"CAA", R"(0 issue "")", R"(0 issue "")"},
    Sample{"CERT", "PKIX 1 RSASHA256 AQID", "1 1 8 AQID"},
    Sample{"CERT", "65535 65535 254 AQID BAU=", "65535 65535 254 AQIDBAU="},
    Sample{"CNAME", "www", "www.example.test."},
    Sample{"CNAME", "@", "example.test."},
    Sample{"CNAME", "bücher.example.", "xn--bcher-kva.example."},
    Sample{"CSYNC", "66 3 A NS AAAA TYPE65280", "66 3 A NS AAAA TYPE65280"},
    Sample{"DNAME", "new", "new.example.test."},
    Sample{"DS", "12345 ECDSAP256SHA256 2 " + kDigest, "12345 13 2 " + kDigest},
    Sample{"DS", "12345 13 2 " + std::string(32, 'A') + " " + std::string(32, 'A'), "12345 13 2 " + kDigest},
    Sample{"EUI48", "00-00-5E-00-53-2a", "00-00-5e-00-53-2a"},
    Sample{"EUI64", "00-00-5e-ef-10-00-00-2a", "00-00-5e-ef-10-00-00-2a"},
    Sample{"HINFO", "PC \"Linux 6\"", R"("PC" "Linux 6")"},
    Sample{"HTTPS", "1 . alpn=h3,h2 port=8443", "1 . alpn=h3,h2 port=8443"},
    Sample{"HTTPS", "0 svc", "0 svc.example.test."},
    Sample{"HTTPS", "1 . ipv6hint=2001:db8::1 ipv4hint=192.0.2.1,192.0.2.2 no-default-alpn alpn=\"h2\"",
           "1 . alpn=h2 no-default-alpn ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1"},
    Sample{"SVCB", "16 foo mandatory=port,alpn port=53 alpn=dot",
           "16 foo.example.test. mandatory=alpn,port alpn=dot port=53"},
    Sample{"SVCB", R"(1 foo alpn="f\\\\oo\\,bar,h2")", R"(1 foo.example.test. alpn="f\\\\oo\\,bar,h2")"},
    Sample{"SVCB", "1 foo key667=hello\\210qoo", R"(1 foo.example.test. key667="hello\210qoo")"},
    Sample{"SVCB", "1 foo key667", "1 foo.example.test. key667"},
    Sample{"SVCB", R"(1 foo alpn=h2 dohpath="/q{?dns}" ech=AQID)",
           R"(1 foo.example.test. alpn=h2 ech=AQID dohpath="/q{?dns}")"},
    Sample{"KX", "10 kx", "10 kx.example.test."},
    Sample{"LOC", "52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m",
           "52 22 23.000 N 04 53 32.000 E -2m 0.00m 10000m 10m"},
    Sample{"LOC", "1 2 3 S 10 30 W 5m", "01 02 3.000 S 10 30 0.000 W 5m 1m 10000m 10m"},
    Sample{"LOC", "75 31 54.5 N 178 30 W 0m", "75 31 54.500 N 178 30 0.000 W 0m 1m 10000m 10m"},
    Sample{"LOC", "10 S 1 2 3 E 5m", "10 00 0.000 S 01 02 3.000 E 5m 1m 10000m 10m"},
    Sample{"LOC", "42 21 54 N 71 06 18 W -24m 30m", "42 21 54.000 N 71 06 18.000 W -24m 30m 10000m 10m"},
    Sample{"MX", "10 Mail", "10 mail.example.test."},
    Sample{"MX", "0 .", "0 ."},
    Sample{"MX", "65535 mail.", "65535 mail."},
    Sample{"NAPTR", R"(100 50 "s" "z3950+I2L+I2C" "" _z3950._tcp)",
           R"(100 50 "s" "z3950+I2L+I2C" "" _z3950._tcp.example.test.)"},
    Sample{"NAPTR", R"(10 10 u E2U+sip "!^.*$!sip:a@b!" .)", R"(10 10 "u" "E2U+sip" "!^.*$!sip:a@b!" .)"},
    Sample{"NS", "ns1", "ns1.example.test."},
    Sample{"OPENPGPKEY", "AQID BAUG", "AQIDBAUG"},
    Sample{"PTR", "host.example.org.", "host.example.org."},
    Sample{"RP", "admin text", "admin.example.test. text.example.test."},
    Sample{"SMIMEA", "3 1 1 abCD", "3 1 1 abcd"},
    Sample{"SRV", "0 5 5060 sip", "0 5 5060 sip.example.test."},
    Sample{"SSHFP", "4 2 " + kDigest, "4 2 " + kDigest},
    Sample{"TLSA", "3 1 1 " + kDigest, "3 1 1 " + kDigest},
    Sample{"TXT", R"("a" "b")", R"("a" "b")"},
    Sample{"TXT", R"("")", R"("")"},
    Sample{"TXT", R"("say \"hi\" \\ back")", R"("say \"hi\" \\ back")"},
    Sample{"TXT", R"("\000\255é")", R"("\000\255\195\169")"},
    Sample{"TXT", "v=spf1 include:_spf.example.org -all", R"("v=spf1 include:_spf.example.org -all")"},
    Sample{"TXT", "v=DMARC1; p=none", R"("v=DMARC1; p=none")"},
    Sample{"TXT", R"(v=DMARC1\; p=none)", R"("v=DMARC1; p=none")"},
    Sample{"TXT", "\"a;b(c)\"", "\"a;b(c)\""},
    Sample{"URI", R"(10 1 "ftp://ftp1.example/")", R"(10 1 "ftp://ftp1.example/")"},
    Sample{"TYPE65280", R"(\# 3 010203)", R"(\# 3 010203)"},
    Sample{"TYPE65280", R"(\# 0)", R"(\# 0)"},
    Sample{"A", R"(\# 4 C0 000201)", "192.0.2.1"},
    Sample{"MX", R"(\# 5 000a 0161 00)", "10 a."}};

TEST(RdataTest, IsReadAsBindReadsItAndWrittenSoThatBothReadItBack) {
  for (const auto& [type_name, text, shown] : kSamples) {
    SCOPED_TRACE(Cat({type_name, " ", text}));
    RecordType const type = *ParseRecordType(type_name);
    absl::StatusOr<Rdata> const data = ParseRdata(type, text, Zone());
    ASSERT_TRUE(data.ok()) << data.status();
    EXPECT_EQ(FormatRdata(*data), shown);
    EXPECT_EQ(*ParseRdata(type, shown, *Name::ParseAbsolute("other.test")), *data);
    EXPECT_EQ(BindReads(type_name, shown), Hex(*data));
    EXPECT_EQ(*Rdata::FromWire(type, data->wire()), *data);
  }
}

TEST(RdataTest, ReadsWhatBindDoesNotKnow) {
  // RFC 9540, which this BIND is too old for.
  Rdata const data = *ParseRdata(RecordType::kSvcb, "1 . alpn=h2 ohttp", Zone());
  EXPECT_EQ(FormatRdata(data), "1 . alpn=h2 ohttp");
  EXPECT_EQ(Hex(data),
            "000100000100030268320008"
            "0000");
}

struct Bad {
  std::string type;
  std::string text;
  std::string why;
};

const Bad kBad[] = {Bad{"A", "192.0.2", "no IPv4 address"},
                    Bad{"A", "192.0.2.256", "no IPv4 address"},
                    Bad{"A", "192.0.2.1 192.0.2.2", "follows the last field"},
                    Bad{"A", "", "it is missing"},
                    Bad{"A", "192.0.2.1\nx A 192.0.2.2", "line break"},
                    Bad{"AAAA", "192.0.2.1", "no IPv6 address"},
                    Bad{"MX", "65536 mail", "preference: 65536 is over 65535"},
                    Bad{"MX", "-1 mail", "no whole number"},
                    Bad{"MX", "10", "target name: it is missing"},
                    Bad{"MX", "mail", "no whole number"},
                    Bad{"MX", "4294967297 mail", "over 65535"},
                    Bad{"SRV", "0 5 5060", "target name"},
                    Bad{"TXT", R"("open)", "not closed"},
                    Bad{"TXT", R"("a"b")", "not followed by a blank"},
                    Bad{"TXT", std::string(256, 'x'), "split it into several quoted strings"},
                    Bad{"TXT", "\"" + std::string(300, 'x') + "\"", "has 300 octets"},
                    Bad{"TXT", "", "the empty one is written \"\""},
                    Bad{"TXT", R"("\256")", "over \\255"},
                    Bad{"CAA", R"(256 issue "x")", "flags: 256 is over 255"},
                    Bad{"CAA", R"(0 is-sue "x")", "letters and digits"},
                    Bad{"TLSA", "300 1 1 abcd", "over 255"},
                    Bad{"TLSA", "3 1 1 abc", "odd number"},
                    Bad{"TLSA", "3 1 1 xy", "no hexadecimal digit"},
                    Bad{"OPENPGPKEY", "A===", "no base64"},
                    Bad{"EUI48", "00-00-5e-00-53", "6 pairs"},
                    Bad{"LOC", "91 N 0 W 1", "latitude"},
                    Bad{"LOC", "1 N 181 W 1", "longitude"},
                    Bad{"LOC", "nowhere", "not of the form"},
                    Bad{"APL", "3:1.2.3.4/5", "family"},
                    Bad{"APL", "1:1.2.3.4/33", "over 32"},
                    Bad{"APL", "1.2.3.4/5", "[!]FAMILY"},
                    Bad{"CSYNC", "66 3 NOTATYPE", "no record type"},
                    Bad{"HTTPS", "1 . alpn=", "alpn: the list has an empty item"},
                    Bad{"HTTPS", "1 . port=70000", "port: 70000 is over 65535"},
                    Bad{"HTTPS", "1 . port=1 port=2", "port is given twice"},
                    Bad{"HTTPS", "1 . bogus=1", "no service parameter"},
                    Bad{"HTTPS", "1 . no-default-alpn", "needs alpn"},
                    Bad{"HTTPS", "1 . mandatory=port", "port, which is missing"},
                    Bad{"HTTPS", "1 . mandatory=mandatory", "lists itself"},
                    Bad{"HTTPS", "1 . ipv4hint=2001:db8::1", "no IPv4 address"},
                    Bad{"TYPE65280", "010203", "no text form"},
                    Bad{"TYPE65280", R"(\# 3 0102)", "announces 3 octets, but 2 follow"},
                    Bad{"A", R"(\# 3 010203)", "ends too early"},
                    Bad{"A", R"(\# 5 0102030405)", "goes on after its end"},
                    Bad{"CNAME", "a..b", "empty label"},
                    Bad{"CNAME", "\"www\"", "double quotes"},
                    Bad{"NAPTR", "1 1 s s s", "replacement name"}};

TEST(RdataTest, BadTextIsRefusedByUsAndByBind) {
  for (const auto& [type, text, why] : kBad) {
    SCOPED_TRACE(Cat({type, " ", text}));
    absl::StatusOr<Rdata> const data = ParseRdata(*ParseRecordType(type), text, Zone());
    ASSERT_FALSE(data.ok()) << FormatRdata(*data);
    EXPECT_EQ(data.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(data.status().message()), HasSubstr(why));
    EXPECT_THAT(std::string(data.status().message()),
                HasSubstr("not valid as data of a " + type + " record"));
    EXPECT_EQ(BindReads(type, text), "");
  }
}

TEST(RdataTest, IsStricterThanBindWhereItsLeniencyWouldChangeTheData) {
  // BIND takes the newline as the end, and the rest as comment.
  EXPECT_FALSE(ParseRdata(RecordType::kA, "192.0.2.1 ; comment", Zone()).ok());
  EXPECT_FALSE(ParseRdata(RecordType::kMx, "( 10 mail )", Zone()).ok());
  EXPECT_FALSE(ParseRdata(RecordType::kEui64, "00-00-5e-ef-10-00-00-2a-2b", Zone()).ok());
  EXPECT_FALSE(ParseRdata(RecordType::kHttps, "1 . key65535=x", Zone()).ok());
  EXPECT_FALSE(ParseRdata(RecordType::kTxt, "a\nb", Zone()).ok());
}

TEST(RdataTest, EqualityDisregardsTheCaseOfNamesOnly) {
  auto from = [](RecordType type, std::string_view wire) { return *Rdata::FromWire(type, wire); };
  EXPECT_EQ(from(RecordType::kCname, std::string_view("\3WWW\0", 5)),
            from(RecordType::kCname, std::string_view("\3www\0", 5)));
  EXPECT_EQ(from(RecordType::kMx, std::string_view("AB\1M\0", 5)),
            from(RecordType::kMx, std::string_view("AB\1m\0", 5)));
  EXPECT_NE(from(RecordType::kMx, std::string_view("AB\1M\0", 5)),
            from(RecordType::kMx, std::string_view("ab\1m\0", 5)));
  EXPECT_NE(from(RecordType::kTxt, "\1A"), from(RecordType::kTxt, "\1a"));
  EXPECT_NE(*ParseRdata(RecordType::kTxt, R"("a" "b")", Zone()),
            *ParseRdata(RecordType::kTxt, R"("ab")", Zone()));
  EXPECT_EQ(FormatRdata(from(RecordType::kCname, std::string_view("\3WwW\0", 5))), "WwW.")
      << "shown as the server has it";
}

TEST(RdataTest, MalformedPartsAreShownInGenericForm) {
  // A no-default-alpn parameter with a value: no text of HTTPS stands for it.
  std::string const wire("\0\1\0\0\2\0\1x", 8);
  Rdata const data = *Rdata::FromWire(RecordType::kHttps, wire);
  EXPECT_EQ(FormatRdata(data), "\\# 8 0001000002000178");
  EXPECT_EQ(*ParseRdata(RecordType::kHttps, FormatRdata(data), Zone()), data);
}

TEST(RdataTest, QuotesTextInChunks) {
  EXPECT_EQ(QuoteText(""), "\"\"");
  EXPECT_EQ(QuoteText("say \"hi\""), R"("say \"hi\"")");
  EXPECT_EQ(QuoteText(std::string(256, 'x')), "\"" + std::string(255, 'x') + "\" \"x\"");
}

TEST(RecordTypeTest, ReadsMnemonicsAndNumbers) {
  EXPECT_EQ(*ParseRecordType("aaaa"), RecordType::kAaaa);
  EXPECT_EQ(*ParseRecordType("type28"), RecordType::kAaaa);
  EXPECT_EQ(RecordTypeName(static_cast<RecordType>(65280)), "TYPE65280");
  EXPECT_EQ(RecordTypeName(RecordType::kHttps), "HTTPS");
  for (std::string_view const bad :
       {"", "TYPE", "TYPE65536", "TYPE1x", "TYPE-1", "BOGUS", "A ", "TYPE000001"}) {
    EXPECT_FALSE(ParseRecordType(bad).ok()) << bad;
  }
  for (std::string_view const name : ManagedTypeNames()) {
    EXPECT_EQ(RecordTypeName(*ParseRecordType(name)), name);
    EXPECT_TRUE(CheckManageable(*ParseRecordType(name)).ok()) << name;
  }
  for (std::string_view const name :
       {"SOA", "RRSIG", "NSEC", "NSEC3", "ANY", "AXFR", "OPT", "TSIG", "TYPE0"}) {
    EXPECT_FALSE(CheckManageable(*ParseRecordType(name)).ok()) << name;
  }
}

}  // namespace
}  // namespace fediversity::dns
