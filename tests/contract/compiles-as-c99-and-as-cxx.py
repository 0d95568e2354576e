# Generated C compiles without a warning as C99 with gcc and clang, and as C++
# with g++.
# RUN: %python %s
import sys
import tempfile

import contract

# Warnings that need optimisation: stack-stays-below-2-kib.py asks gcc for them.
WAYS = {"gcc": contract.PLAIN,
        "clang": [*contract.STRICT, "-fsyntax-only"],
        "g++": ["-x", "c++", "-std=c++11", "-Wall", "-Wextra", "-Werror",
                "-fsyntax-only"]}


def main():
    with tempfile.TemporaryDirectory() as folder:
        for cc, flags in WAYS.items():
            objects = (contract.plain_objects(folder) if cc == "gcc"
                       else contract.compile_all(folder, flags, cc=cc))
            print(f"{cc}: {len(objects)} examples")
            if set(objects) != set(contract.ALL):
                sys.exit(1)


main()
