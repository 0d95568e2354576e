# Generated C compiles without a warning as C99 with gcc and clang, and as C++
# with g++.
# RUN: %python %s
import sys
import tempfile

import contract

# Objects are clang's; gcc's and the warnings that need optimisation come in
# stack-stays-below-2-kib.py.
WAYS = {"gcc": [*contract.STRICT, "-fsyntax-only"],
        "g++": ["-x", "c++", "-std=c++11", "-Wall", "-Wextra", "-Werror",
                "-fsyntax-only"]}


def main():
    with tempfile.TemporaryDirectory() as folder:
        count = len(contract.plain_objects(folder))
        jobs = [[cc, *flags, f"{folder}/{name}.c"]
                for cc, flags in WAYS.items() for name in contract.ALL]
        contract.compile_two_at_a_time(jobs, folder)
    print(f"{count} examples")
    sys.exit(count != len(contract.ALL))


main()
