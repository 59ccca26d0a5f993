#!/usr/bin/env bash
# Installs, builds and tests. From a bare Debian 12 clone:
#   packaging/test.sh           all quick tests, closing with ctest's summary
#   packaging/test.sh --soak    the long figures (label soak)
#   packaging/test.sh --bench   the benchmarks (label bench)
#   packaging/test.sh --ci      what must pass before a change lands: warnings as errors, format,
#                               the quick tests, the same under ASan+UBSan, the threaded parts under
#                               TSan, the tour under Xvfb, a short run of each fuzz target
set -euo pipefail
cd "$(dirname "$0")/.."

mode=${1:-all}
case "$mode" in
all | --ci | --soak | --bench) ;;
*)
    echo "test.sh: unknown argument '$mode'; expected --ci, --soak, --bench or nothing" >&2
    exit 2
    ;;
esac

started=$SECONDS
step() { printf '\n== %s (after %d s)\n' "$1" $((SECONDS - started)); }

step "packages"
bash packaging/deps.sh test
mkdir -p build

# build <preset> [target...]: configures quietly, builds; the whole log only when it fails.
build() {
    local preset=$1
    shift
    cmake --preset "$preset" >"build/$preset.configure.log" 2>&1 || {
        cat "build/$preset.configure.log" >&2
        return 1
    }
    local targets=()
    [ $# -gt 0 ] && targets=(--target "$@")
    cmake --build "build/$preset" "${targets[@]}" >"build/$preset.build.log" 2>&1 || {
        grep -E 'error|FAILED|warning' "build/$preset.build.log" | head -60 >&2 || true
        tail -20 "build/$preset.build.log" >&2
        return 1
    }
}

case "$mode" in
--soak | --bench)
    step "release build"
    build release
    exec ctest --test-dir build/release -L "${mode#--}" --output-on-failure
    ;;
all)
    step "release build"
    build release
    exec ctest --test-dir build/release -LE 'soak|bench' --output-on-failure
    ;;
esac

step "format"
git ls-files '*.cpp' '*.h' | xargs clang-format --dry-run -Werror

step "release build, warnings are errors"
build release

step "tour under Xvfb"
rm -rf build/ci-tour
mkdir -p build/ci-tour
timeout 180 xvfb-run -a -s "-screen 0 1920x1080x24" build/release/bin/vigie --demo --tour build/ci-tour
ls build/ci-tour/*.png >/dev/null

step "AddressSanitizer and UndefinedBehaviorSanitizer"
build asan
export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1
export LSAN_OPTIONS=suppressions=$PWD/tests/support/lsan.supp:print_suppressions=0
export UBSAN_OPTIONS=print_stacktrace=1
ctest --test-dir build/asan -L quick -j2 --output-on-failure --timeout 300

step "ThreadSanitizer"
build tsan threaded_tests
# die_after_fork: QProcess forks in a way that shares memory until exec; ThreadSanitizer then takes
# this process for the child, in which it would let no thread be started.
export TSAN_OPTIONS=suppressions=$PWD/tests/support/tsan.supp:halt_on_error=1:die_after_fork=0
ctest --test-dir build/tsan -L threaded --output-on-failure --timeout 300

step "fuzz targets"
build fuzz fuzz_targets
for target in build/fuzz/bin/fuzz_*; do
    name=$(basename "$target")
    corpus=build/fuzz/corpus/$name
    mkdir -p "$corpus"
    "$target" -max_total_time=15 -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=0 \
        "$corpus" "tests/fuzz/corpus/$name" >"build/fuzz/$name.log" 2>&1 || {
        tail -40 "build/fuzz/$name.log" >&2
        echo "test.sh: $name failed" >&2
        exit 1
    }
    echo "$name: $(grep -c . "build/fuzz/$name.log") log lines, no finding"
done

step "quick tests"
exec ctest --test-dir build/release -L quick -j2 --output-on-failure --timeout 180
