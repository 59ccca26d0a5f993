# Compiler, linker and dependency settings shared by every target, gathered in vigie_options.

option(VIGIE_WERROR "Treat warnings as errors" OFF)
option(VIGIE_TESTS "Build the tests" ON)
option(VIGIE_FUZZ "Build only the core and the libFuzzer targets (needs clang)" OFF)
set(VIGIE_SANITIZE "" CACHE STRING "Sanitizers, as given to -fsanitize= (address,undefined or thread)")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_AUTOMOC ON)
# moc of Qt 6.4 can't parse these headers of libstdc++ 12; their include guards keep it out.
set(CMAKE_AUTOMOC_MOC_OPTIONS -D_GLIBCXX_CONCEPTS=1 -D_GLIBCXX_RANGES=1 -D_GLIBCXX_COROUTINE=1)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

find_program(VIGIE_CCACHE ccache)
if(VIGIE_CCACHE)
    # base_dir and hash_dir let the build folders of one checkout share what they compiled.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_COMMAND};-E;env;CCACHE_BASEDIR=${PROJECT_SOURCE_DIR};CCACHE_NOHASHDIR=1;${VIGIE_CCACHE}")
endif()

find_package(Qt6 6.4 REQUIRED COMPONENTS Core Network Sql)
find_package(QCoro6 REQUIRED COMPONENTS Core Network)
find_package(tl-expected REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(simdjson REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
if(NOT VIGIE_FUZZ)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Gui Widgets Charts Svg LinguistTools Test)
    find_package(Qt6Keychain REQUIRED)
endif()

add_library(vigie_options INTERFACE)
target_include_directories(vigie_options INTERFACE "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
target_compile_definitions(vigie_options INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY QT_NO_URL_CAST_FROM_STRING
    QT_NO_KEYWORDS QT_NO_FOREACH QT_NO_NARROWING_CONVERSIONS_IN_CONNECT
    QT_STRICT_ITERATORS QT_DISABLE_DEPRECATED_BEFORE=0x060400
    "VIGIE_VERSION=\"${PROJECT_VERSION}\"")
target_compile_options(vigie_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wunused
    -Wnull-dereference -Wformat=2 -Wimplicit-fallthrough
    $<$<BOOL:${VIGIE_WERROR}>:-Werror>
    # GCC 12 reports these falsely in optimised coroutine frames and std::optional.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-null-dereference -Wno-free-nonheap-object -Wno-restrict -fcoroutines>
    # A unity file takes every anonymous namespace in it for a header's.
    $<$<BOOL:${CMAKE_UNITY_BUILD}>:-Wno-subobject-linkage>
    $<$<CXX_COMPILER_ID:Clang>:-Wno-gnu-zero-variadic-macro-arguments>)
target_link_libraries(vigie_options INTERFACE Threads::Threads)

if(VIGIE_SANITIZE)
    target_compile_options(vigie_options INTERFACE
        -fsanitize=${VIGIE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -g1
        # Tests bring an -O of their own, which the last one would overrule.
        $<$<NOT:$<BOOL:$<TARGET_PROPERTY:VIGIE_TEST>>>:-O1>)
    target_link_options(vigie_options INTERFACE -fsanitize=${VIGIE_SANITIZE})
    target_compile_definitions(vigie_options INTERFACE VIGIE_SANITIZED)
endif()
if(VIGIE_FUZZ)
    target_compile_options(vigie_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

find_program(VIGIE_MOLD mold)
if(VIGIE_MOLD)
    target_link_options(vigie_options INTERFACE -fuse-ld=mold)
endif()
