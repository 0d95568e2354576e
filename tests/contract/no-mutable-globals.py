# Generated C has no variable outside of its functions: every symbol with data is
# read-only.
# RUN: %python %s
import subprocess
import sys

import contract

bad = []


def main():
    for name, obj in contract.plain_objects().items():
        r = subprocess.run(["nm", "-fposix", obj], text=True,
                           capture_output=True, check=True)
        symbols = [line.split()[:2] for line in r.stdout.splitlines()]
        wrong = [s for s, kind in symbols if kind not in "tTrRUu"]
        tables = sum(kind in "rR" for _, kind in symbols)
        print(f"{name}.o: {len(symbols)} symbols, {tables} read-only, "
              f"{len(wrong)} writable")
        if wrong or not tables:
            bad.append(name)
            print(f"  {wrong}")
    sys.exit(1 if bad else 0)


main()
