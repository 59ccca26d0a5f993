#!/usr/bin/env bash
# Installs the Debian 12 packages that Vigie needs; the one list of them. Quick when nothing is
# missing. Usage: deps.sh [build|test]   (test includes build; the default is build)
set -euo pipefail

build=(
    g++ cmake ninja-build ccache mold pkg-config git ca-certificates
    qt6-base-dev qt6-base-dev-tools qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools
    qt6-charts-dev qt6-svg-dev libqt6opengl6-dev libgl-dev libopengl-dev libxkbcommon-dev
    libvulkan-dev libqt6sql6-sqlite libqt6sql6-psql libpq-dev qt6-translations-l10n
    qcoro-qt6-dev libexpected-dev libtomlplusplus-dev prometheus-cpp-dev
    libcurl4-openssl-dev zlib1g-dev # asked for by prometheus-cpp's CMake export
    libboost-dev libssl-dev libsimdjson-dev qtkeychain-qt6-dev libsodium-dev libyaml-cpp-dev
    xvfb xauth fonts-inter fonts-dejavu-core
)
testing=(
    clang-16 libclang-rt-16-dev llvm-16 clang-format
    librapidcheck-dev libbenchmark-dev libvalijson-dev prometheus prometheus-alertmanager postgresql openssl curl procps
)

wanted=("${build[@]}")
case "${1:-build}" in
build) ;;
test) wanted+=("${testing[@]}") ;;
*)
    echo "deps.sh: unknown group '$1'; expected build or test" >&2
    exit 2
    ;;
esac

missing=()
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null |
    sed -n 's/^installed //p')
for package in "${wanted[@]}"; do
    grep -qxF "$package" <<<"$installed" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "deps.sh: these packages are missing and neither root nor sudo is at hand: ${missing[*]}" >&2
        exit 1
    }
    as_root=(sudo)
fi
# RUNLEVEL=1 keeps services that come with a package (prometheus) from being started.
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
