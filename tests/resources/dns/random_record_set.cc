#include "tests/resources/dns/random_record_set.h"

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "provider/backends/dns/rdata.h"
#include "provider/base/text.h"

namespace fediversity::resources {
namespace {

using oracle::Random;

constexpr std::size_t kDelegations = 4;

std::string Number(Random& random, std::size_t bound) { return std::to_string(random.Below(bound)); }

template <std::size_t N>
std::string OneOf(Random& random, const std::array<std::string_view, N>& choices) {
  return std::string(choices[random.Below(N)]);
}

std::string Octets(Random& random, std::size_t size) {
  std::string octets;
  for (std::size_t i = 0; i < size; ++i) octets += static_cast<char>(random.Below(256));
  return octets;
}

std::string Base64(Random& random, std::size_t size) { return absl::Base64Escape(Octets(random, size)); }

std::string InAnyCase(Random& random, std::string text) {
  for (char& c : text) {
    if (random.Percent(50)) c = absl::ascii_toupper(static_cast<unsigned char>(c));
  }
  return text;
}

// In one or both cases, in one piece or with a blank in it.
std::string Hex(Random& random, std::size_t size) {
  std::string hex = InAnyCase(random, absl::BytesToHexString(Octets(random, size)));
  if (size > 4 && random.Percent(30)) hex.insert(8, " ");
  return hex;
}

// A host that exists, or lies outside the zone: BIND refuses mail exchangers without an address.
std::string Host(Random& random) {
  std::string const host =
      OneOf<8>(random, {"ns", "NS", "ns.example.test.", "Ns.Example.TEST.", "mail.example.org.",
                        "MAIL.example.org.", "bücher.example.", "xn--bcher-kva.example."});
  return host;
}

std::string Quoted(Random& random, std::string_view text) {
  return random.Percent(50) ? dns::QuoteText(text) : std::string(text);
}

std::string Txt(Random& random) {
  switch (random.Below(6)) {
    case 0: return dns::QuoteText(Octets(random, random.Below(600)));
    case 1: return "\"\"";
    case 2: return Cat({"\"a", Number(random, 9), "\" \"b\""});
    case 3: return Cat({"\"Grüße ", Number(random, 9), "\""});
    case 4: return Cat({"say \\\"", Number(random, 9), "\\\" \\\\ back"});
    default: return Quoted(random, Cat({"v=spf1 ip4:192.0.2.", Number(random, 9), " -all; x"}));
  }
}

std::string Ipv6(Random& random) {
  std::string const tail = absl::BytesToHexString(Octets(random, 1));
  return OneOf<3>(random, {"2001:db8::", "2001:DB8:0:0::", "2001:0db8:0000:0000:0000:0000:0000:"}) + tail;
}

std::string Service(Random& random) {
  if (random.Percent(25)) return Cat({"0 ", Host(random)});
  static constexpr std::array<std::string_view, 5> kParameters = {
      "alpn=h2,h3 port=8443", "port=8443 alpn=\"h2,h3\"", "ipv4hint=192.0.2.1,192.0.2.2", "", "key65400=abc"};
  return Cat({std::to_string(1 + random.Below(9)), " ", random.Percent(50) ? "." : Host(random), " ",
              OneOf(random, kParameters)});
}

std::string Location(Random& random) {
  bool const brief = random.Percent(30);
  auto const degrees = [&random, brief](std::size_t most) {
    return Cat(
        {Number(random, most), " ", Number(random, 60), brief ? "" : Cat({" ", Number(random, 60), ".5"})});
  };
  return Cat({degrees(90), OneOf<2>(random, {" N ", " S "}), degrees(180), OneOf<2>(random, {" E ", " W "}),
              OneOf<3>(random, {"-2m", "0.00m 10m", "1200.5m 1m 10000m 10m"})});
}

std::string Eui(Random& random, std::size_t size) {
  std::vector<std::string> octets;
  for (std::size_t i = 0; i < size; ++i) octets.push_back(absl::BytesToHexString(Octets(random, 1)));
  return InAnyCase(random, Join(octets, "-"));
}

std::string Tlsa(Random& random) {
  return Cat({Number(random, 4), " ", Number(random, 2), " 1 ", Hex(random, 32)});
}

std::string Naptr(Random& random) {
  return Cat({Number(random, 99), " ", Number(random, 99), " \"u\" \"E2U+sip\" \"!^.*$!sip:info",
              Number(random, 9), "@example.org!\" ."});
}

using Maker = std::function<std::string(Random&)>;

const std::map<std::string, Maker, std::less<>>& Makers() {
  static const auto* const kMakers = new std::map<std::string, Maker, std::less<>>{
      {"A",
       [](Random& r) {
         return Cat({"192.0.2.", Number(r, 256)});
       }},
      {"AAAA", &Ipv6},
      {"AFSDB",
       [](Random& r) {
         return Cat({Number(r, 3), " ", Host(r)});
       }},
      {"APL",
       [](Random& r) {
         return Cat({"1:192.0.2.0/", Number(r, 33), " !2:2001:DB8::/", Number(r, 129)});
       }},
      {"CAA",
       [](Random& r) {
         return Cat({OneOf<2>(r, {"0", "128"}), OneOf<2>(r, {" issue ", " iodef "}),
                     Quoted(r, Cat({"ca", Number(r, 99), ".example.org"}))});
       }},
      {"CERT",
       [](Random& r) {
         return Cat({OneOf<3>(r, {"PKIX", "1", "PGP"}), " ", Number(r, 65536),
                     OneOf<2>(r, {" RSASHA256 ", " 8 "}), Base64(r, 40)});
       }},
      {"CNAME", &Host},
      {"CSYNC",
       [](Random& r) {
         return Cat({Number(r, 99999), " 3 ", OneOf<3>(r, {"A NS AAAA", "NS A AAAA", "TYPE1 NS"})});
       }},
      {"DNAME", &Host},
      {"DS",
       [](Random& r) {
         return Cat({Number(r, 65536), " 13 2 ", Hex(r, 32)});
       }},
      {"EUI48", [](Random& r) { return Eui(r, 6); }},
      {"EUI64", [](Random& r) { return Eui(r, 8); }},
      {"HINFO",
       [](Random& r) {
         return Cat({"\"PC ", Number(r, 99), "\" ", OneOf<2>(r, {"Linux", "\"Linux\""})});
       }},
      {"HTTPS", &Service},
      {"KX",
       [](Random& r) {
         return Cat({Number(r, 99), " ", Host(r)});
       }},
      {"LOC", &Location},
      {"MX",
       [](Random& r) {
         return Cat({Number(r, 65536), " ", Host(r)});
       }},
      {"NAPTR", &Naptr},
      {"NS", &Host},
      {"OPENPGPKEY", [](Random& r) { return Base64(r, 90); }},
      {"PTR", &Host},
      {"RP",
       [](Random& r) {
         return Cat({"hostmaster.example.org. ", Host(r)});
       }},
      {"SMIMEA", &Tlsa},
      {"SRV",
       [](Random& r) {
         return Cat({Number(r, 9), " ", Number(r, 9), " 5060 ", Host(r)});
       }},
      {"SSHFP",
       [](Random& r) {
         return Cat({OneOf<2>(r, {"1", "4"}), " 2 ", Hex(r, 32)});
       }},
      {"SVCB", &Service},
      {"TLSA", &Tlsa},
      {"TXT", &Txt},
      {"URI",
       [](Random& r) {
         return Cat({Number(r, 99), " ", Number(r, 99), " \"https://example.org/", Number(r, 99), "\""});
       }},
      {"TYPE65280",
       [](Random& r) {
         std::size_t const size = r.Below(20);
         return Cat({"\\# ", std::to_string(size), " ", Hex(r, size)});
       }},
  };
  return *kMakers;
}

bool IsSingle(std::string_view type) { return type == "CNAME" || type == "DNAME" || type == "CSYNC"; }

// Distinct in meaning, not only in spelling.
std::vector<std::string> Records(Random& random, std::string_view type_name) {
  dns::RecordType const type = *dns::ParseRecordType(type_name);
  dns::Name const zone = *dns::Name::ParseAbsolute("example.test");
  std::size_t const wanted = IsSingle(type_name) ? 1 : 1 + random.Below(4);
  std::vector<std::string> records;
  std::set<dns::Rdata> meanings;
  for (int attempt = 0; records.size() < wanted && attempt < 20; ++attempt) {
    std::string text = RandomRecord(random, type_name);
    auto const meaning = dns::ParseRdata(type, text, zone);
    // What cannot be read is kept for the resource to complain about.
    if (!meaning.ok() || meanings.insert(*meaning).second) records.push_back(std::move(text));
  }
  return records;
}

std::string OwnName(Random& random, std::string_view type) {
  std::string const number = Number(random, 30);
  if (type == "DS") return Cat({"ds", std::to_string(random.Below(kDelegations))});
  if (type == "SRV" || type == "TLSA" || type == "URI") return Cat({"_sip._tcp.h", number});
  if (type == "TXT" && random.Percent(20)) return "@";
  if ((type == "A" || type == "MX") && random.Percent(20)) return Cat({"*.w", number});
  switch (random.Below(4)) {
    case 0: return Cat({"H", number, ".Deep"});
    case 1: return Cat({"h", number, ".Example.Test."});
    case 2: return Cat({"grün", number});
    default: return Cat({"h", number});
  }
}

}  // namespace

std::string Delegations() {
  std::string text;
  for (std::size_t i = 0; i < kDelegations; ++i)
    text += Cat({"ds", std::to_string(i), " NS ns.example.org.\n"});
  return text;
}

std::string RandomRecord(Random& random, std::string_view type) {
  auto const maker = Makers().find(type);
  return maker == Makers().end() ? Cat({"no generator for ", type}) : maker->second(random);
}

RecordSetHcl RandomRecordSet(Random& random, std::string_view type) {
  RecordSetHcl hcl;
  hcl.zone = OneOf<3>(random, {"example.test", "example.test.", "Example.TEST"});
  hcl.name = OwnName(random, type);
  hcl.type = random.Percent(80) ? std::string(type) : absl::AsciiStrToLower(ToAbsl(type));
  if (random.Percent(80)) hcl.ttl = static_cast<std::int64_t>(random.Below(100000));
  hcl.records = Records(random, type);
  if (random.Percent(30)) hcl.adopt = random.Percent(50);
  return hcl;
}

RecordSetHcl Changed(Random& random, RecordSetHcl hcl) {
  if (random.Percent(20)) hcl.zone = hcl.zone == "example.test" ? "example.test." : "example.test";
  if (random.Percent(50)) hcl.ttl = static_cast<std::int64_t>(random.Below(100000));
  if (random.Percent(70)) hcl.records = Records(random, absl::AsciiStrToUpper(hcl.type));
  return hcl;
}

}  // namespace fediversity::resources
