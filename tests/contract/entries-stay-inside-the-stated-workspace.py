# Every entry stays inside a workspace of exactly the stated size, and gives the
# same results whatever was in it.
# RUN: %python %s
import sys
import tempfile

import numpy as np

import contract
import model

EDGE = 4096  # bytes watched before and behind
bad = []


def check(ok, text):
    if not ok:
        bad.append(text)
        print(text)


def snapshot(m, block):
    structs = [m.params] + ([m.state(block)] if block else [])
    structs += [m.memory] if m.memory else []
    return [(s, s.bytes.copy()) for s in structs]


def restore(saved):
    for struct, old in saved:
        struct.bytes[...] = old


def after(m, block):
    return b"".join(s.bytes.tobytes() for s, _ in snapshot(m, block))


def try_entry(m, entry, block, n):
    f = m.library[f"{m.name}_{entry}"]
    size = len(f.workspace)
    what = f"{m.name}_{entry}, n = {n}"
    told = getattr(m.library.c, f"{m.name}_{entry}_workspace_bytes")()
    check(told == size, f"{what}: macro {size}, function {told}")
    region = model.aligned(EDGE + size + EDGE)
    f.workspace = region[EDGE:EDGE + size]
    seen = []
    saved = snapshot(m, block)
    for fill in (0x00, 0xFF):  # 0xFF: NaN
        restore(saved)
        region[...] = fill
        result = contract.call(m, entry, block, n, np.random.default_rng(5))
        check(np.all(region[:EDGE] == fill) and
              np.all(region[EDGE + size:] == fill),
              f"{what}: wrote outside of the workspace")
        seen.append((after(m, block),
                     {k: np.asarray(v).tobytes() for k, v in result.items()}))
    check(seen[0] == seen[1], f"{what}: depends on the workspace's contents")
    restore(saved)


def main():
    count = 0
    for example, options in contract.SMALL:
        with tempfile.TemporaryDirectory() as folder:
            lib = model.build(folder, contract.source(example), "-D", "N=5",
                              *options)
        for name in contract.model_names(lib.header):
            m = model.Model(lib, name)
            m.init(3)
            most = contract.bound(lib, name)
            for entry, block in contract.entries(lib, name):
                for n in sorted({1, most - 1, most} - {0}) if most else [2]:
                    try_entry(m, entry, block, n)
                    count += 1
    print(f"{count} calls, {len(bad)} bad")
    sys.exit(1 if bad or count < 40 else 0)


main()
