#!/usr/bin/env bash
# fails.sh OUTPUT COMMAND...: COMMAND must exit with 1 and leave no OUTPUT.C or
# OUTPUT.H behind; its messages go to standard output for FileCheck.
out=$1
shift
rm -f "$out" "${out%.c}.h"
"$@" 2>&1
status=$?
[ $status -eq 1 ] || { echo "exit status $status instead of 1"; exit 1; }
for f in "$out" "${out%.c}.h"; do
    if [ -e "$f" ]; then echo "$f was left behind"; exit 1; fi
done
