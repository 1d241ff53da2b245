#!/bin/sh
# The same hashes on this machine and on an emulated aarch64, with Debian's arm64 Python and the
# wheels of NumPy and Pillow; needs Debian 12 and qemu-user, takes minutes for an image.
#   sh tests/bench/aarch64.sh [DESIGN IMAGE]        PYTHON: the interpreter with licc (python3)
set -eu
python=${PYTHON:-python3}
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/debs" "$work/system" "$work/site"
: > "$work/status"
packages="python3.11-minimal libpython3.11-minimal libpython3.11-stdlib libc6 libexpat1 zlib1g libffi8
    libbz2-1.0 liblzma5 libuuid1 libstdc++6 libgcc-s1 libssl3"
apt="apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::Cache=$work/cache
    -o Dir::State::lists=$work/lists -o Dir::State::status=$work/status -o APT::Sandbox::User=root"
$apt update
(cd "$work/debs" && $apt download $packages)
for deb in "$work"/debs/*.deb; do dpkg -x "$deb" "$work/system"; done
for package in numpy pillow; do
    version=$("$python" -c "from importlib.metadata import version; print(version('$package'))")
    "$python" -m pip download -q --no-deps --only-binary=:all: --python-version 3.11 \
        --platform manylinux2014_aarch64 --platform manylinux_2_28_aarch64 \
        -d "$work/wheels" "$package==$version"
done
for wheel in "$work"/wheels/*.whl; do "$python" -m zipfile -e "$wheel" "$work/site"; done
ln -s "$root" "$work/site/licc"
"$python" "$root/tests/bench/hashes.py" "$@" > "$work/here"
PYTHONPATH=$work/site PYTHONHOME=$work/system/usr PYTHONDONTWRITEBYTECODE=1 \
    qemu-aarch64 -L "$work/system" "$work/system/usr/bin/python3.11" \
    "$root/tests/bench/hashes.py" "$@" > "$work/there"
diff "$work/here" "$work/there"
cat "$work/there"
