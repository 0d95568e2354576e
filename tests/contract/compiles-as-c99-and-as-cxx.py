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
        objects = contract.plain_objects()
        jobs = [[cc, *flags, str(obj.with_suffix(".c"))]
                for cc, flags in WAYS.items() for obj in objects.values()]
        contract.compile_two_at_a_time(jobs, folder)
    print(f"{len(objects)} examples")
    sys.exit(set(objects) != set(contract.ALL))


main()
