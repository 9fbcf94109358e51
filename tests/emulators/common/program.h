#ifndef FEDIVERSITY_TESTS_EMULATORS_COMMON_PROGRAM_H_
#define FEDIVERSITY_TESTS_EMULATORS_COMMON_PROGRAM_H_

namespace fediversity::emulators {

// A program runs until its standard input ends, or SIGTERM or SIGINT comes. To be made before any thread is started,
// for threads inherit what is blocked.
class ProgramEnd {
 public:
  ProgramEnd();
  ~ProgramEnd();
  ProgramEnd(const ProgramEnd&) = delete;
  ProgramEnd& operator=(const ProgramEnd&) = delete;

  void Wait() const;

 private:
  int signals_;
};

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_COMMON_PROGRAM_H_
