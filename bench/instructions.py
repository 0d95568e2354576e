"""How many instructions a network takes: `bench/run.py instructions NETWORK`.

Other than times these do not depend on the clock, on the caches or on who
else uses the machine. They are the limit where a neighbour has the core's
other hardware thread: half of about six instructions a cycle are left then,
and two fused multiply-adds a cycle need three of them for two of those.

valgrind counts them; a kernel counts with all that it calls.
"""
import re
import subprocess

import nets
import steps
import tools

VECTOR_FLOATS = {"avx512f": 16, "avx2": 8}


def lanes():
    """Floats of the machine's vectors."""
    flags = tools.run(["cat", "/proc/cpuinfo"])
    return next((n for f, n in VECTOR_FLOATS.items() if f in flags), 4)


def work(text, function):
    """Multiply-adds of each kernel, over all its calls."""
    begin, end = steps.body_of(text, function)
    body = text[begin:end]
    found = {}
    for comment, rest in re.findall(
            r"^    (/\* [\w./]+:\d+ .*?\*/)$(.*?)(?=^    /\* [\w./]+:\d+ |\Z)",
            body, re.M | re.S):
        called = re.search(r"^    (\w+)\(", rest, re.M)
        if called:
            name = called.group(1)
            found[name] = (found.get(name, 0) +
                           steps.multiply_adds(steps.one_line(comment)))
    return found


def count(command, function):
    """{function: instructions} of one call, with what each calls."""
    out = tools.FOLDER / "callgrind.out"
    subprocess.run(["valgrind", "--tool=callgrind", "-q",
                    f"--toggle-collect={function}",
                    f"--callgrind-out-file={out}", *map(str, command)],
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   check=True)
    listed = tools.run(["callgrind_annotate", "--inclusive=yes",
                        "--threshold=100", out])
    out.unlink()
    found = {}
    for number, name in re.findall(
            r"^ *([\d,]+) \([ \d.]+%\) +[^\n:]*:([\w.]+)", listed, re.M):
        name = name.split(".")[0]  # what the compiler made of it
        found.setdefault(name, int(number.replace(",", "")))
    return found


def measure(net, batch, compiler):
    """(instructions of a run, [(instructions, multiply-adds, kernel)])"""
    folder, about = nets.export(net, batch)
    ours = nets.Ours(net, batch, compiler, folder, about)
    function = f"{ours.c.name}_infer"
    counted = count(ours.command, function)
    kernels = [(counted[name], batch * adds, name) for name, adds in
               work(ours.c.c.read_text(), function).items()
               if name in counted]
    return counted[function], sorted(kernels, reverse=True)


def show(net, batch=1):
    for compiler in tools.COMPILERS:
        total, kernels = measure(net, batch, compiler)
        print(f"{net}, batch {batch}, {compiler}: {total / 1e6:.2f} million "
              f"instructions; for a multiply-add of {lanes()} floats:")
        for counted, adds, name in kernels:
            rate = f"{counted * lanes() / adds:6.2f}" if adds else "      "
            print(f"{counted / total:6.1%} {counted / 1e6:9.2f} M  {rate}  "
                  f"{name}")
