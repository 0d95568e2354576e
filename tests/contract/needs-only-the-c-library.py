# Generated C includes four headers of the C library and calls nothing but <math.h>
# and <string.h>: no memory is allocated, nothing is printed, no file is opened.
# RUN: %python %s
import re
import subprocess
import sys

import contract

HEADERS = {"<stddef.h>", "<stdint.h>", "<string.h>", "<math.h>"}
MATH = """sqrt exp log log1p expm1 tanh sin cos erf pow floor ceil fabs fmax
fmin fmod round lround""".split()
CALLS = ({f + end for f in MATH for end in ("", "f")}
         | {"memcpy", "memset", "memmove", "_GLOBAL_OFFSET_TABLE_"}
         | {"sincos", "sincosf"})  # what gcc makes of a sin beside a cos
bad = []


def check(what, found, allowed):
    wrong = sorted(found - allowed)
    print(f"{what}: {' '.join(sorted(found))}")
    if wrong:
        bad.append(what)
        print(f"  not allowed: {' '.join(wrong)}")


def main():
    objects = contract.plain_objects()
    for name, obj in objects.items():
        for suffix in (".c", ".h"):
            text = obj.with_suffix(suffix).read_text()
            includes = set(re.findall(r"^ *# *include +(\S+)", text, re.M))
            own = {f'"{name}.h"'} if suffix == ".c" else set()
            check(f"{name}{suffix} includes", includes, HEADERS | own)
        r = subprocess.run(["nm", "-u", "-fposix", obj], text=True,
                           capture_output=True, check=True)
        calls = {line.split()[0] for line in r.stdout.splitlines()}
        check(f"{name}.o calls", calls, CALLS)
    sys.exit(1 if bad else 0)


main()
