#!/usr/bin/env bash
# The compiler under ASan and UBSan over every program and IR file of the tree.
set -u
cd "$(dirname "$0")/.." || exit 1
flags="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined"
make -s B=build/sanitized CC=clang CFLAGS="$flags" LDFLAGS="$flags" build/sanitized/dlc || exit 1
bad=0 count=0
# 77: a finding would otherwise exit with 1, as an error in the program does. The arena
# is freed at the end only; leaks are looked for in the driver's tests.
export ASAN_OPTIONS=detect_leaks=0:exitcode=77 UBSAN_OPTIONS=exitcode=77
while read -r f; do
    for how in --emit=ast --emit=ir --emit=c; do
        case $f$how in *.dlir--emit=ast) continue ;; esac
        build/sanitized/dlc $how "$f" >/dev/null 2>build/sanitized/err
        status=$?
        count=$((count + 1))
        if [ $status -gt 2 ]; then
            echo "$f $how: exit $status"
            head -n 5 build/sanitized/err
            bad=$((bad + 1))
        fi
    done
done < <(find examples tests -name '*.dl' -o -name '*.dlir' | sort)
echo "sanitized: $count runs, $bad bad"
[ $bad -eq 0 ] && [ $count -gt 100 ]
