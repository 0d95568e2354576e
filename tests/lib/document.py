"""document.py FILE.md [--write]: runs a document's blocks, as a reader would.

Words behind a fenced block's language say what it is:

    sh run      commands for bash; the first that fails ends the block
    sh clone    commands for a fresh clone: each `make X` must be a target
    LANG file=F the text of file F, written before the next commands run
    LANG from=F parts of file F in their order, `...` for what lies between
    text output what the commands before it printed, `...` for what is left out

A block without such words is only shown. In output a number may be off by a
tenth and a time (`1.5 s`) by anything: machines differ. The commands run in a
copy of the document's folder, or in an empty one for a document of the tree's
top; `dlc` and Debian's own programs come first; a warning of the C compiler is
a failure.

--write puts what was found into the `from` and `output` blocks. In a `from`
block the first and the last line of a part must still be there. In an output
with `...` the lines must still be there but for their numbers; a number keeps
as many decimals as the document shows, and a time is left as it is.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from emitted import DLC, ROOT

FENCE = re.compile(r"^```(\w+)((?: +[^\s`]+)*) *\n(.*?)^```$", re.M | re.S)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
TIME = re.compile(NUMBER.pattern + r" (?:m?s|min)\b")


class Wrong(Exception):
    pass


class Block:
    def __init__(self, match, text):
        self.match, self.language, self.body = match, match[1], match[3]
        self.line = text.count("\n", 0, match.start()) + 1
        words = match[2].split()
        self.kind = words[0].split("=")[0] if words else None
        self.path = words[0].partition("=")[2] if words else ""


def parts_of(body):
    """Lines in groups, parted by lines that are `...`."""
    lines = [line.rstrip() for line in body.splitlines()]
    groups, group = [], []
    for line in lines:
        if line.strip() == "...":
            groups.append(group)
            group = []
        else:
            group.append(line)
    return groups + [group]


def same_text(shown, real):
    """Are the lines the same but for numbers and times?"""
    shown, real = TIME.sub("TIME", shown), TIME.sub("TIME", real)
    return NUMBER.sub("0", shown).split() == NUMBER.sub("0", real).split()


def same_line(shown, real, loose):
    if shown == real or not loose:
        return shown == real
    if not same_text(shown, real):
        return False
    shown, real = TIME.sub("TIME", shown), TIME.sub("TIME", real)
    for a, b in zip(NUMBER.findall(shown), NUMBER.findall(real)):
        a, b = float(a.replace(",", "")), float(b.replace(",", ""))
        if abs(a - b) > 0.1 * max(abs(a), abs(b)):
            return False
    return True


def find(group, lines, start, same):
    """Where group stands in lines at or behind start, -1: nowhere."""
    for at in range(start, len(lines) - len(group) + 1):
        if all(map(same, group, lines[at:at + len(group)])):
            return at
    return -1


def compare(block, real, whole, loose):
    """Every part of the block stands in the real text, in order; with whole,
    nothing else does but what `...` stands for."""
    lines = [line.rstrip() for line in real.splitlines()]
    groups = parts_of(block.body)
    at = 0
    for i, group in enumerate(groups):
        found = find(group, lines, at, lambda a, b: same_line(a, b, loose))
        if found < 0 or (whole and i == 0 and found > 0):
            raise Wrong("shown, but not there:\n"
                        + "\n".join(group) + "\n---- there is\n"
                        + "\n".join(lines[at:at + 40]))
        at = found + len(group)
    if whole and groups[-1] and at != len(lines):
        raise Wrong("not shown:\n" + "\n".join(lines[at:at + 40]))


def renew(block, real):
    """The block's body with each part as it stands in the real text."""
    lines = [line.rstrip() for line in real.splitlines()]
    groups, at = [], 0
    for group in parts_of(block.body):
        if not group:
            groups.append([])
            continue
        first = find(group[:1], lines, at, str.__eq__)
        last = find(group[-1:], lines, max(first, 0), str.__eq__)
        if first < 0 or last < first:
            raise Wrong("its first or last line is not there:\n"
                        + "\n".join(group))
        groups.append(lines[first:last + 1])
        at = last + 1
    return "\n...\n".join("\n".join(g) for g in groups).strip("\n") + "\n"


def renumber(shown, real):
    """The shown line with the numbers of the real one."""
    times = iter(TIME.findall(shown))
    old = iter(NUMBER.findall(TIME.sub("", shown)))

    def as_shown(match):
        if TIME.fullmatch(match[0]):
            return next(times)
        number, decimals = match[0], len(next(old).partition(".")[2])
        if len(number.partition(".")[2]) <= decimals:
            return number
        return f"{float(number.replace(',', '')):.{decimals}f}"

    return re.sub(f"{TIME.pattern}|{NUMBER.pattern}", as_shown, real)


def renew_output(block, printed):
    """The block's body with the numbers that were printed; all that was
    printed when the text is another one."""
    lines = [line.rstrip() for line in printed.splitlines()]
    groups, at = [], 0
    parts = parts_of(block.body)
    if len(parts) == 1 and len(parts[0]) != len(lines):
        return printed
    for i, group in enumerate(parts):
        if group and i == len(parts) - 1:
            at = max(at, len(lines) - len(group))
        found = find(group, lines, at, same_text)
        if found < 0 and len(parts) == 1:
            return printed
        if found < 0:
            raise Wrong("its lines are not there:\n" + "\n".join(group))
        groups.append(map(renumber, group, lines[found:]))
        at = found + len(group)
    return "\n...\n".join("\n".join(g) for g in groups).strip("\n") + "\n"


def run_commands(block, folder):
    environment = dict(os.environ)
    environment["PATH"] = (os.path.dirname(DLC) + ":/usr/bin:"
                           + environment["PATH"])
    r = subprocess.run(["bash", "-euc", block.body],
                       cwd=folder, env=environment, text=True,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if r.returncode:
        raise Wrong(f"exit {r.returncode}\n{r.stdout[-4000:]}")
    if "warning:" in r.stdout:
        raise Wrong(f"a warning\n{r.stdout[-4000:]}")
    return r.stdout


def check_clone(block):
    makefile = pathlib.Path(ROOT, "Makefile").read_text()
    for line in block.body.splitlines():
        command = line.split("#")[0].split()
        if command[:1] == ["make"]:
            for target in command[1:]:
                if not re.search(rf"^{re.escape(target)}:", makefile, re.M):
                    raise Wrong(f"make has no target {target}")
        elif command and command[:2] != ["git", "clone"] \
                and command[0] != "cd":
            raise Wrong(f"neither git clone, cd nor make: {line}")


class Document:
    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.text = self.path.read_text()
        self.blocks = [Block(m, self.text) for m in FENCE.finditer(self.text)]
        self.printed = ""
        self.new = {}

    def do(self, block, folder, write):
        if block.kind == "run":
            self.printed = run_commands(block, folder)
        elif block.kind == "clone":
            check_clone(block)
        elif block.kind == "file":
            pathlib.Path(folder, block.path).write_text(block.body)
        elif block.kind == "from":
            real = pathlib.Path(folder, block.path).read_text()
            if write:
                self.new[block] = renew(block, real)
            else:
                compare(block, real, False, False)
        elif block.kind == "output":
            if write:
                self.new[block] = renew_output(block, self.printed)
            else:
                compare(block, self.printed, True, True)
        else:
            raise Wrong(f"a block of unknown kind: {block.kind}")

    def rewrite(self):
        text, end = "", 0
        for block, body in self.new.items():
            start = block.match.start(3)
            text += self.text[end:start] + body
            end = block.match.end(3)
        self.path.write_text(text + self.text[end:])


def check(path, write=False):
    """The number of blocks that were run; prints what is wrong, -1 then."""
    d, count = Document(path), 0
    own = pathlib.Path(path).parent.resolve()
    with tempfile.TemporaryDirectory() as top:
        folder = pathlib.Path(top, "work")
        if own == pathlib.Path(ROOT).resolve():
            folder.mkdir()
        else:
            shutil.copytree(own, folder)
        for block in d.blocks:
            if not block.kind:
                continue
            try:
                d.do(block, folder, write)
            except (Wrong, OSError) as e:
                print(f"{path}:{block.line}: {e}")
                return -1
            count += 1
    if write:
        d.rewrite()
    print(f"{path}: {count} blocks")
    return count


if __name__ == "__main__":
    sys.exit(check(sys.argv[1], "--write" in sys.argv) < 0)
