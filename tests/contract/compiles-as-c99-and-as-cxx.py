# Generated C compiles without a warning as C99 with gcc and clang, and as C++
# with g++.
# RUN: %python %s
import sys
import tempfile

import contract

WARN = ["-Wall", "-Wextra", "-pedantic", "-Werror", "-O1"]
WAYS = {"gcc": ["-std=c99", "-Wconversion", "-Wshadow", "-Wvla"],
        "clang": ["-std=c99", "-Wconversion", "-Wshadow", "-Wvla"],
        "g++": ["-x", "c++", "-std=c++11"]}


def main():
    for cc, flags in WAYS.items():
        with tempfile.TemporaryDirectory() as folder:
            objects = contract.compile_all(folder, [*flags, *WARN], cc)
            print(f"{cc}: {len(objects)} examples")
            if set(objects) != set(contract.ALL):
                sys.exit(1)


main()
