# RUN: %python %s
"""No kernel is made of two files that define the same KERNEL_name: in the output
the second would take the name of the first."""
import pathlib
import re
import sys

from emitted import ROOT

DEFINITION = re.compile(
    r"^(?:INLINE )?static [^;{=()]*?\b(KERNEL_\w+)\([^;{]*\)\s*\{"
    r"|^typedef [^;]*?\b(KERNEL_\w+)\b[^;]*;", re.M)


def definitions(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"^#(?:.*\\\n)*.*$", "", text, flags=re.M)
    return {a or b for a, b in DEFINITION.findall(text)}


def parts(name, texts):
    """The file and what it includes, each once."""
    found = [name]
    for part in found:
        found += [p for p in re.findall(r'#include "(.*?)"', texts[part])
                  if p not in found]
    return found


def collisions(texts):
    bad = []
    for kernel in sorted(texts):
        owner = {}
        for part in parts(kernel, texts):
            for name in sorted(definitions(texts[part])):
                if owner.setdefault(name, part) != part:
                    bad.append(f"{kernel}: {name} is in {owner[name]} "
                               f"and in {part}")
    return bad


texts = {p.name: p.read_text()
         for p in (pathlib.Path(ROOT) / "runtime/kernels").glob("*.c")}
assert sum(len(definitions(t)) for t in texts.values()) > 70, "names unseen"
tile = "INLINE static void KERNEL_tile(int a,\n#if B\n int b\n#endif\n)\n{\n}\n"
planted = {"k.c": '#include "a.c"\n' + tile, "a.c": '#include "b.c"\n',
           "b.c": tile}
assert collisions(planted) == ["k.c: KERNEL_tile is in k.c and in b.c"]
bad = collisions(texts)
print("\n".join(bad))
sys.exit(bool(bad))
