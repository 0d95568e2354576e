#!/usr/bin/env bash
# Builds the compiler in a folder of its own with every warning an error.
set -eu
cd "$(dirname "$0")/.."
make -s B="build/clean-$1" CC="$1" CFLAGS="-O2 -Werror" "build/clean-$1/dlc"
rm -rf "build/clean-$1"
