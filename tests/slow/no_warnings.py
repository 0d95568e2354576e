"""No example's C, written for this machine, warns with gcc at -O3 -march=native:
what the flow of values shows only then is no mistake of ours."""
import subprocess
import sys
import tempfile

import contract

FLAGS = ["-std=c99", "-O3", "-march=native", "-Wall", "-Wextra", "-pedantic",
         "-Werror"]


def main():
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in contract.ALL:
            c_file = contract.generate(folder, name, "--target=native")
            r = subprocess.run(["gcc", *FLAGS, "-c", str(c_file), "-o",
                                str(c_file.with_suffix(".o"))])
            bad += r.returncode != 0
    print(f"{len(contract.ALL)} examples, {bad} warn")
    return bad > 0


sys.exit(main())
