#include "provider/backends/dns/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "provider/backends/dns/octets.h"
#include "provider/backends/dns/update_message.h"
#include "provider/backends/dns/wire_reader.h"

namespace fediversity::dns {
namespace {

Name N(std::string_view text) { return *Name::ParseAbsolute(text); }

// An answer to a question for example.test with one record, whose owner and data are given.
std::string Answer(std::string_view owner, RecordType type, std::string_view data) {
  std::string wire = BuildQuery(7, N("example.test"), type);
  Put16(wire, 2, 0x8400);
  Put16(wire, 6, 1);
  wire += owner;
  Append16(wire, static_cast<unsigned>(type));
  Append16(wire, kClassIn);
  Append32(wire, 300);
  Append16(wire, static_cast<unsigned>(data.size()));
  wire += data;
  return wire;
}

TEST(MessageTest, ExpandsNamesInOwnersAndData) {
  // Question at offset 12, so that C00C is example.test.
  std::string const wire =
      Answer(std::string_view("\1M\xC0\x0C", 4), RecordType::kMx, std::string_view("\0\12\4mail\xC0\x0C", 9));
  absl::StatusOr<Message> const message = ParseMessage(wire);
  ASSERT_TRUE(message.ok()) << message.status();
  EXPECT_TRUE(message->response);
  EXPECT_TRUE(message->authoritative);
  EXPECT_EQ(message->id, 7);
  ASSERT_EQ(message->answers.size(), 1U);
  EXPECT_EQ(message->answers[0].name, N("m.example.test"));
  EXPECT_EQ(message->answers[0].data, std::string("\0\12", 2) + N("mail.example.test").wire());
}

TEST(MessageTest, PointersThatDoNotLeadBackAreRefused) {
  std::string const good = Answer(std::string_view("\xC0\x0C", 2), RecordType::kA, "\1\2\3\4");
  ASSERT_TRUE(ParseMessage(good).ok());
  std::size_t const owner = kHeaderSize + N("example.test").wire().size() + 4;
  for (unsigned const target : {static_cast<unsigned>(owner), static_cast<unsigned>(owner) + 1, 0x3FFFU}) {
    std::string bad = good;
    Put16(bad, owner, 0xC000U | target);
    EXPECT_FALSE(ParseMessage(bad).ok()) << target;
  }
  // Two pointers that lead to each other.
  std::string loop =
      Answer(std::string_view("\xC0\x0C", 2), RecordType::kCname, std::string_view("\xC0\x00", 2));
  Put16(loop, loop.size() - 2, 0xC000U | static_cast<unsigned>(loop.size() - 2));
  EXPECT_FALSE(ParseMessage(loop).ok());
}

TEST(MessageTest, EveryCutIsRefused) {
  std::string const wire =
      Answer(std::string_view("\xC0\x0C", 2), RecordType::kMx, std::string_view("\0\12\xC0\x0C", 4));
  ASSERT_TRUE(ParseMessage(wire).ok());
  for (std::size_t size = 0; size < wire.size(); ++size)
    EXPECT_FALSE(ParseMessage(wire.substr(0, size)).ok()) << size;
  EXPECT_FALSE(ParseMessage(wire + "x").ok());
}

TEST(MessageTest, DataThatDoesNotFitItsTypeIsRefused) {
  EXPECT_FALSE(ParseMessage(Answer(std::string_view("\xC0\x0C", 2), RecordType::kA, "\1\2\3")).ok());
  EXPECT_FALSE(ParseMessage(Answer(std::string_view("\xC0\x0C", 2), RecordType::kTxt, "\5abc")).ok());
  EXPECT_FALSE(ParseMessage(Answer(std::string_view("\xC0\x0C", 2), RecordType::kMx,
                                   std::string_view("\0\12\xC0\x0Cx", 5)))
                   .ok());
  EXPECT_TRUE(
      ParseMessage(Answer(std::string_view("\xC0\x0C", 2), static_cast<RecordType>(65280), "whatever")).ok());
}

TEST(MessageTest, NamesAreBounded) {
  std::string wire(kHeaderSize, '\0');
  // 20 labels of 13 octets each, then pointers to grow one name out of another.
  for (int i = 0; i < 19; ++i) wire += std::string("\14") + std::string(12, 'a');
  wire += '\0';
  std::size_t const second = wire.size();
  wire += std::string("\14") + std::string(12, 'b');
  Append16(wire, 0xC000 | kHeaderSize);
  WireReader reader(wire, kHeaderSize);
  EXPECT_TRUE(reader.ReadName().ok());
  WireReader longer(wire, second);
  EXPECT_FALSE(longer.ReadName().ok());
}

TEST(UpdateMessageTest, IsWrittenAsRfc2136Says) {
  Name const zone = N("z.test");
  Rdata const data = *ParseRdata(RecordType::kA, "192.0.2.1", zone);
  RecordSet const set =
      CollectRecordSet({.zone = zone, .name = N("a.z.test"), .type = RecordType::kA}, 60, {data});
  UpdateMessage update(zone);
  update.RequireExact(set)
      .RequireAbsent(set.key.name, RecordType::kCname)
      .RequireExists(zone, RecordType::kNs);
  update.RequireNameFree(N("b.z.test"))
      .DeleteSet(set.key.name, RecordType::kA)
      .Add(set)
      .DeleteRecord(zone, data);
  EXPECT_EQ(absl::BytesToHexString(*update.Build(0x1234)),
            "1234"
            "2800"
            "0001"
            "0004"
            "0003"
            "0000"  // header: opcode 5; zone, prerequisites, changes
            "017a0474657374000006"
            "0001"  // z.test SOA IN
            "01610"
            "17a0474657374000001"
            "0001"
            "00000000"
            "0004c0000201"  // a.z.test A IN
            "c018"
            "0005"
            "00fe"
            "00000000"
            "0000"  // no CNAME there
            "c00c"
            "0002"
            "00ff"
            "00000000"
            "0000"  // an NS set at z.test
            "01620"
            "17a0474657374"
            "0000ff"
            "00fe"
            "00000000"
            "0000"  // b.z.test is free
            "c018"
            "0001"
            "00ff"
            "00000000"
            "0000"  // delete the A set
            "c018"
            "0001"
            "0001"
            "0000003c"
            "0004c0000201"  // add
            "c00c"
            "0001"
            "00fe"
            "00000000"
            "0004c0000201");  // delete one record
  EXPECT_FALSE(update.changes_nothing());
}

}  // namespace
}  // namespace fediversity::dns
