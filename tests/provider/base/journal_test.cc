#include "provider/base/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fediversity {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace fs = std::filesystem;

class JournalTest : public ::testing::Test {
 protected:
  JournalTest() {
    std::string pattern = (fs::temp_directory_path() / "journal.XXXXXX").string();
    work_ = mkdtemp(pattern.data());
    journal_ = Journal((work_ / "notes").string(), Logger());
  }
  ~JournalTest() override { fs::remove_all(work_); }

  // Does it in a process that is killed right afterwards.
  template <typename Act>
  static void InAProcessThatIsKilled(Act act) {
    pid_t const child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto const kept = act();
      kill(getpid(), SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
  }

  // What is there to be found, and stays.
  std::vector<std::string> LeftBehind(std::string_view kind = "key", std::string_view service = "here") {
    std::vector<std::string> texts;
    for (Journal::Note& note : journal_.LeftBehind(kind, service)) {
      texts.push_back(note.text());
      note.Keep();
    }
    return texts;
  }

  fs::path work_;
  Journal journal_;
};

TEST_F(JournalTest, ANoteGoesWithItsOwner) {
  {
    auto const note = journal_.Begin("key", "here", "GK1");
    EXPECT_EQ(note.text(), "GK1");
    EXPECT_FALSE(fs::is_empty(work_ / "notes"));
    EXPECT_THAT(LeftBehind(), IsEmpty()) << "its owner lives";
  }
  EXPECT_TRUE(fs::is_empty(work_ / "notes"));
}

TEST_F(JournalTest, AnotherProcessFindsWhatAKilledOneHasBegun) {
  InAProcessThatIsKilled([this] { return journal_.Begin("key", "here", "GK1"); });
  InAProcessThatIsKilled([this] {
    auto note = journal_.Begin("key", "here", "GK2");
    note.Append("\nand more");
    return note;
  });
  EXPECT_THAT(LeftBehind(), ElementsAre("GK1", "GK2\nand more"));
  EXPECT_THAT(LeftBehind("bucket"), IsEmpty());
  EXPECT_THAT(LeftBehind("key", "there"), IsEmpty());
  journal_.LeftBehind("key", "here");  // erased, since nobody keeps them
  EXPECT_THAT(LeftBehind(), IsEmpty());
}

TEST_F(JournalTest, OneProcessHasANoteAtATime) {
  InAProcessThatIsKilled([this] { return journal_.Begin("key", "here", "GK1"); });
  auto mine = journal_.LeftBehind("key", "here");
  EXPECT_THAT(LeftBehind(), IsEmpty());
  mine.front().Keep();
  EXPECT_THAT(LeftBehind(), ElementsAre("GK1"));
}

TEST_F(JournalTest, WhoTakesOneLeavesTheOthersToBeFound) {
  InAProcessThatIsKilled([this] {
    return std::pair(journal_.Begin("key", "here", "GK1"), journal_.Begin("key", "here", "GK2"));
  });
  auto const second = journal_.Take("key", "here", [](const std::string& text) { return text == "GK2"; });
  ASSERT_TRUE(second.has_value());
  EXPECT_THAT(LeftBehind(), ElementsAre("GK1"));
  EXPECT_FALSE(
      journal_.Take("key", "here", [](const std::string& text) { return text == "GK2"; }).has_value());
}

TEST_F(JournalTest, NotesStayWhenTheHostHasDied) {
  {
    auto const note = journal_.Begin("key", "here", "GK1");
    journal_.Abandon();
  }
  EXPECT_THAT(LeftBehind(), ElementsAre("GK1"));
}

TEST_F(JournalTest, AMovedNoteIsErasedOnce) {
  Journal::Note held;
  {
    auto note = journal_.Begin("key", "here", "first");
    held = std::move(note);
  }
  EXPECT_FALSE(fs::is_empty(work_ / "notes"));
  held = journal_.Begin("key", "here", "second");
  EXPECT_EQ(std::distance(fs::directory_iterator(work_ / "notes"), fs::directory_iterator()), 1);
}

TEST_F(JournalTest, WhatIsNoNoteIsLeftAlone) {
  fs::create_directories(work_ / "notes" / "folder.note");
  ASSERT_EQ(mkfifo((work_ / "notes" / "pipe.note").c_str(), S_IRUSR | S_IWUSR), 0);
  std::ofstream(work_ / "notes" / "empty.note").flush();
  std::ofstream(work_ / "notes" / ".draft") << "key\nhere\nGK1";
  std::ofstream(work_ / "notes" / "huge.note") << "key\nhere\n" << std::string(1 << 20, 'x');
  EXPECT_THAT(LeftBehind(), IsEmpty());
  EXPECT_EQ(std::distance(fs::directory_iterator(work_ / "notes"), fs::directory_iterator()), 5);
}

TEST_F(JournalTest, WithoutAFolderNothingIsKeptAndNothingFails) {
  Journal const none;
  EXPECT_EQ(none.Begin("key", "here", "GK1").text(), "");
  EXPECT_THAT(none.LeftBehind("key", "here"), IsEmpty());
  std::ofstream(work_ / "file").flush();
  Journal const impossible((work_ / "file" / "notes").string(), Logger());
  auto note = impossible.Begin("key", "here", "GK1");
  note.Append("more");
  EXPECT_THAT(impossible.LeftBehind("key", "here"), IsEmpty());
}

class JournalFolderTest : public JournalTest {
 protected:
  // As in a process with these variables, whose working directory need not be changed.
  static std::string FolderWith(const std::map<std::string, std::string>& variables) {
    return JournalFolder([variables](const std::string& name) -> std::optional<std::string> {
      auto const found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
  }
};

TEST_F(JournalFolderTest, IsBesideWhatTheHostKeepsOneForEachWorkspace) {
  std::string const data = (work_ / "data").string();
  EXPECT_EQ(FolderWith({{"TF_DATA_DIR", data}}), "") << "the host keeps nothing there";
  fs::create_directories(data);
  EXPECT_EQ(FolderWith({{"TF_DATA_DIR", data}}), data + "/fediversity/default");
  std::ofstream(data + "/environment") << "staging\n";
  EXPECT_EQ(FolderWith({{"TF_DATA_DIR", data}}), data + "/fediversity/staging");
  EXPECT_EQ(FolderWith({{"TF_DATA_DIR", data}, {"TF_WORKSPACE", "production"}}),
            data + "/fediversity/production");
  EXPECT_EQ(FolderWith({{"TF_DATA_DIR", data}, {"TF_WORKSPACE", "../../etc"}}),
            data + "/fediversity/default");
  EXPECT_EQ(FolderWith({{"TF_DATA_DIR", data}, {"TF_WORKSPACE", ".."}}), data + "/fediversity/default");
}

}  // namespace
}  // namespace fediversity
