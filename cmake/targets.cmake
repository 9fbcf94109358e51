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

# Headers take most of the time: eight files of a folder that are compiled as one take a third of it. So names in
# anonymous namespaces are told apart within a folder. Files that do not go together are named after ALONE.
function(fediversity_unity NAME)
  set_target_properties(${NAME} PROPERTIES UNITY_BUILD ${FEDIVERSITY_UNITY}
    UNITY_BUILD_BATCH_SIZE ${FEDIVERSITY_UNITY_BATCH})
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# fediversity_holds_tables(NAME): for a library whose files hold tables of attributes, which take most of their time
# themselves under sanitizers. Half as many of them at once keep a change of one line below a minute.
function(fediversity_holds_tables NAME)
  if(FEDIVERSITY_SANITIZE)
    set_target_properties(${NAME} PROPERTIES UNITY_BUILD_BATCH_SIZE 4)
  endif()
endfunction()

# fediversity_library(NAME SRCS a.cc a.h DEPS other... [ALONE a.cc...]): one library for one folder.
function(fediversity_library NAME)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS;ALONE" ${ARGN})
  add_library(${NAME} STATIC ${ARG_SRCS})
  target_link_libraries(${NAME} PUBLIC fediversity_options ${ARG_DEPS})
  fediversity_unity(${NAME} ${ARG_ALONE})
endfunction()

# fediversity_test(NAME SRCS a_test.cc DEPS other... [ALONE a_test.cc...]): one GoogleTest program for one folder of
# tests. Each test case is a ctest of its own, so that they run in parallel and fail by name.
function(fediversity_test NAME)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS;ALONE" ${ARGN})
  add_executable(${NAME} ${ARG_SRCS})
  fediversity_unity(${NAME} ${ARG_ALONE})
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
    add_executable(${NAME} ${ARG_SRCS})
    target_link_libraries(${NAME} PRIVATE fediversity_fuzz_replay)
    add_test(NAME fuzz_corpus.${NAME} COMMAND ${NAME} ${corpus})
  endif()
  target_link_libraries(${NAME} PRIVATE fediversity_options ${ARG_DEPS})
endfunction()
