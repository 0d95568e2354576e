# REQUIRES: time
# RUN: %python %s
"""The inner loops of convolutions have few instructions, as gcc and clang compile
them for AVX2: a tile of 6 places and 2 blocks takes 8 loads and 12 multiply-adds
a channel, and hardly anything else. Sums that move to other registers, weights
that are loaded again, and turns that are not written out are what this test
is for: see "What limits a kernel" in docs/internals.md."""
import re
import tempfile
from pathlib import Path

from emitted import DLC, run

SOURCE = """
model m {
  input x : real[1, 64, 14, 14];
  output y = x |> conv{64, 1, algo = blocked} |> relu
               |> conv{64, 3, pad = same, algo = winograd4} |> relu
               |> conv{64, 3, pad = same, algo = blocked};
}
"""
FLAGS = ["-O3", "-march=x86-64-v3", "-mprefer-vector-width=512", "-S"]
FEWEST = 48  # multiply-adds of vectors in a loop that counts
LOADS = 0.75  # for one of them
OTHERS = 20  # instructions of a loop that neither load nor multiply


def loops(assembly):
    """[(function, instructions)] of loops without a jump inside."""
    for name, body in re.findall(r"^(\w+):[^\n]*\n(.*?)^\s*\.size\s", assembly,
                                 re.M | re.S):
        lines = [re.sub(r"#.*", "", line).rstrip()
                 for line in body.splitlines()]
        at = {}
        for i, line in enumerate(lines):
            label = re.match(r"(\.L\w+):", line)
            jump = re.match(r"\s+j\w+\s+(\.L\w+)", line)
            if label:
                at[label[1]] = i
            elif jump and jump[1] in at:
                inside = [line for line in lines[at[jump[1]]:i + 1]
                          if re.match(r"\s+[a-z]", line)]
                if sum(line.lstrip().startswith("j") for line in inside) == 1:
                    yield name, inside


def judge(compiler, assembly):
    seen = set()
    for name, inside in loops(assembly):
        fused = sum("vfmadd" in line for line in inside)
        if fused < FEWEST:
            continue
        kind = re.match(r"conv_[a-z]+", name)[0]
        loads = sum("(" in line for line in inside
                    if "lea" not in line and "prefetch" not in line)
        print(f"{compiler} {name}: {len(inside)} instructions, {loads} loads "
              f"for {fused} multiply-adds")
        assert len(inside) <= fused + loads + OTHERS, "\n".join(inside)
        assert loads <= LOADS * fused, "\n".join(inside)
        seen.add(kind)
    assert seen == {"conv_blocked", "conv_winograd"}, seen


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.dl"
        path.write_text(SOURCE)
        run(DLC, "--target=x86-64-v3", path, "-o", path.with_suffix(".c"))
        for compiler in ("gcc", "clang"):
            run(compiler, *FLAGS, path.with_suffix(".c"), "-o",
                path.with_suffix(".s"))
            judge(compiler, path.with_suffix(".s").read_text())


main()
