# Warnings and sanitizers of our own code; generated code is left alone.
add_library(fediversity_options INTERFACE)
target_include_directories(fediversity_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(fediversity_options INTERFACE -Wall -Wextra -Werror -Wshadow -Wnon-virtual-dtor
  -Wno-missing-field-initializers)  # designated initializers leave out what has a default on purpose
# g++ 12 sees an overlap in std::string's own copying once that is inlined (GCC bug 105651).
target_compile_options(fediversity_options INTERFACE
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-restrict>)
if(FEDIVERSITY_SANITIZE)
  target_compile_options(fediversity_options INTERFACE
    -fsanitize=${FEDIVERSITY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(fediversity_options INTERFACE -fsanitize=${FEDIVERSITY_SANITIZE})
endif()
if(FEDIVERSITY_BUILD_FUZZERS)
  target_compile_options(fediversity_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# fediversity_library(NAME SRCS a.cc a.h DEPS other...): one library for one folder.
function(fediversity_library NAME)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS" ${ARGN})
  add_library(${NAME} STATIC ${ARG_SRCS})
  target_link_libraries(${NAME} PUBLIC fediversity_options ${ARG_DEPS})
endfunction()

# fediversity_test(NAME SRCS a_test.cc DEPS other...): one GoogleTest program for one folder of tests.
# Each test case is a ctest of its own, so that they run in parallel and fail by name.
function(fediversity_test NAME)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS" ${ARGN})
  add_executable(${NAME} ${ARG_SRCS})
  target_link_libraries(${NAME} PRIVATE fediversity_options ${ARG_DEPS} GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${NAME} DISCOVERY_MODE PRE_TEST WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    PROPERTIES TIMEOUT 120)
endfunction()

# fediversity_fuzzer(NAME SRCS x_fuzz.cc DEPS other...): a libFuzzer target. Where fuzzers are off, the same
# source is linked with a driver that replays tests/fuzz/corpus/NAME, so the ordinary run covers every known input.
function(fediversity_fuzzer NAME)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS" ${ARGN})
  set(corpus ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${NAME})
  if(FEDIVERSITY_BUILD_FUZZERS)
    add_executable(${NAME} ${ARG_SRCS})
    target_link_options(${NAME} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(${NAME} ${ARG_SRCS} ${PROJECT_SOURCE_DIR}/tests/fuzz/replay_main.cc)
    add_test(NAME fuzz_corpus.${NAME} COMMAND ${NAME} ${corpus})
  endif()
  target_link_libraries(${NAME} PRIVATE fediversity_options ${ARG_DEPS})
endfunction()
