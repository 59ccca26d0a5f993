#!/usr/bin/env bash
# From a bare Debian 12 clone to the running dashboard: installs what is missing, builds, and opens
# `vigie` on the built-in demo fleet. Arguments go to vigie instead:
#   bash packaging/run.sh --source http://host:8003 --token-file admin.token
set -euo pipefail
cd "$(dirname "$0")/.."

bash packaging/deps.sh build
mkdir -p build
cmake --preset release -DVIGIE_TESTS=OFF -B build/run >build/run.configure.log 2>&1 || {
    cat build/run.configure.log >&2
    echo "run.sh: CMake could not configure the build; the log is above" >&2
    exit 1
}
cmake --build build/run --target vigie vigied vigie-worker

vigie=build/run/bin/vigie
[ $# -gt 0 ] || set -- --demo
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec "$vigie" "$@"
fi
for argument in "$@"; do
    case "$argument" in
    --help | -h | --version | --print-config | --tour | --tour=*) exec "$vigie" "$@" ;;
    esac
done
echo "No display here: running the same under Xvfb and saving every panel to build/tour/*.png"
mkdir -p build/tour
exec xvfb-run -a -s "-screen 0 1920x1080x24" "$vigie" "$@" --tour build/tour
