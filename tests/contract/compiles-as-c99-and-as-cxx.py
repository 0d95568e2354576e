# Generated C compiles without a warning as C99 with gcc and clang, and as C++
# with g++.
# RUN: %python %s
import sys
import tempfile

import contract

# gcc at -O2 without warnings: stack-stays-below-2-kib.py asks for it too.
WAYS = {"gcc": [*contract.STRICT, "-O1"],
        "clang": [*contract.STRICT, "-O0"],
        "g++": ["-x", "c++", "-std=c++11", "-Wall", "-Wextra", "-Werror",
                "-O0"]}


def main():
    for cc, flags in WAYS.items():
        with tempfile.TemporaryDirectory() as folder:
            objects = contract.compile_all(folder, flags, cc)
            print(f"{cc}: {len(objects)} examples")
            if set(objects) != set(contract.ALL):
                sys.exit(1)


main()
