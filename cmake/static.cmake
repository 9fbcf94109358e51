# Turns the imported shared libraries into their static twins and links every program fully statically.
#
# Debian ships the archives of gRPC, abseil, c-ares and re2, but their CMake packages name the shared objects. The
# dependencies that those packages list are complete, so only the file has to be exchanged. Debian's libcurl.a
# needs Kerberos, which has no static library: FEDIVERSITY_CURL_PREFIX names an installation of curl without it
# (`./dev release` builds one from Debian's source package).
set(FEDIVERSITY_CURL_PREFIX "" CACHE PATH "Installation of a static libcurl with OpenSSL and HTTP(S) only")
if(NOT EXISTS ${FEDIVERSITY_CURL_PREFIX}/lib/libcurl.a)
  message(FATAL_ERROR "FEDIVERSITY_STATIC needs FEDIVERSITY_CURL_PREFIX: no lib/libcurl.a in "
    "\"${FEDIVERSITY_CURL_PREFIX}\". Use `./dev release`, which builds it.")
endif()

function(fediversity_use_archive target)
  foreach(config IN ITEMS "" _NONE _RELEASE _RELWITHDEBINFO)
    get_target_property(shared ${target} IMPORTED_LOCATION${config})
    if(shared MATCHES "^(.*)\\.so[.0-9]*$")
      set(archive ${CMAKE_MATCH_1}.a)
      if(NOT EXISTS ${archive})
        message(FATAL_ERROR "${target} has no static library: ${archive} does not exist")
      endif()
      set_target_properties(${target} PROPERTIES IMPORTED_LOCATION${config} ${archive})
    endif()
  endforeach()
endfunction()

# Walks the packages' link dependencies from `target` down, so that nothing unused has to exist as an archive.
function(fediversity_use_archives target)
  get_property(visited GLOBAL PROPERTY FEDIVERSITY_ARCHIVES)
  if(NOT TARGET ${target} OR target IN_LIST visited)
    return()
  endif()
  set_property(GLOBAL APPEND PROPERTY FEDIVERSITY_ARCHIVES ${target})
  fediversity_use_archive(${target})
  get_target_property(dependencies ${target} INTERFACE_LINK_LIBRARIES)
  if(dependencies)
    foreach(dependency IN LISTS dependencies)
      fediversity_use_archives(${dependency})
    endforeach()
  endif()
endfunction()

get_property(imported DIRECTORY PROPERTY IMPORTED_TARGETS)
foreach(target IN LISTS imported)
  if(target MATCHES "^absl::")
    fediversity_use_archives(${target})
  endif()
endforeach()
fediversity_use_archives(gRPC::grpc++)

# What the archives need besides, which their pkg-config files say only under Libs.private.
find_library(UNISTRING_ARCHIVE unistring REQUIRED)
target_link_libraries(PkgConfig::idn2 INTERFACE ${UNISTRING_ARCHIVE})
target_link_libraries(PkgConfig::ldns INTERFACE OpenSSL::Crypto)

add_library(PkgConfig::curl STATIC IMPORTED)
set_target_properties(PkgConfig::curl PROPERTIES
  IMPORTED_LOCATION ${FEDIVERSITY_CURL_PREFIX}/lib/libcurl.a
  INTERFACE_INCLUDE_DIRECTORIES ${FEDIVERSITY_CURL_PREFIX}/include
  INTERFACE_COMPILE_DEFINITIONS CURL_STATICLIB)
target_link_libraries(PkgConfig::curl INTERFACE OpenSSL::SSL OpenSSL::Crypto ZLIB::ZLIB Threads::Threads)

add_link_options(-static)
