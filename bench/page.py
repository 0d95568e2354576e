"""docs/benchmarks.md out of the records under build/bench/records."""
import math
import os
import re

import shapes
import tools

MARKS = {"mlp": 1.0, "lenet": 3.0, "dscnn": 1.5, "mobilenet025": 1.7,
         "lstm": 1.1, "transformer": 1.2, "alexnet": 1.15, "googlenet": 1.8,
         "resnet50": 1.4}
AMX_MARKS = {"transformer": 1.8, "googlenet": 2.0, "resnet50": 2.0}


def time_text(ns):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if ns >= size:
            return f"{ns / size:.3g} {unit}"
    return f"{ns:.3g} ns"


def spread_text(r):
    """1.42 (1.39-1.44)"""
    return f"{r['median']:.2f} ({r['low']:.2f}-{r['high']:.2f})"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |",
             "|---" + "|--:" * (len(head) - 1) + "|"]
    lines += ["| " + " | ".join(str(c) for c in row) + " |" for row in rows]
    return "\n".join(lines) + "\n\n"


def mean(values):
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values))


def conditions(records):
    """How busy the machine was while these were taken."""
    loads = [x for r in records for x in r["load"]]
    text = (f"Programs that wanted a core, for each core: {min(loads):.1f} to "
            f"{max(loads):.1f}")
    return text + (": **a loaded machine**, read the ratios and not the "
                   "times.\n\n" if max(loads) > 1.5 else ".\n\n")


def least(times, peer, ours):
    """How many times faster ours is when nobody disturbs either."""
    return f"{times[peer]['least'] / times[ours]['least']:.2f}"


def duel_table(records, peer, marks=None):
    """Rows of time, ratio and share for networks or convolutions."""
    compilers = [c for c in ("gcc", "clang") if c in records[0]["times"]]
    has_torch = peer != "torch" and any("torch" in r["times"]
                                        for r in records)
    head = ["", "operations"] + compilers + [peer]
    head += [f"times faster, {c}" for c in compilers]
    scaling = any("scaling" in r for r in records)
    head += [f"by least times, {compilers[0]}"]
    head += (["mark"] if marks else []) + (["than PyTorch"] if has_torch
                                           else [])
    head += (["two cores over one"] if scaling else []) + ["of the limit"]
    rows = []
    for r in records:
        row = [r.get("title", r["net"]),
               f"{r['flops'] * r.get('batch', 1) / 1e6:,.1f} M"]
        row += [time_text(r["times"][c]["median"]) for c in compilers]
        there = peer in r["times"]
        row += [time_text(r["times"][peer]["median"]) if there else "-"]
        row += [spread_text(r["ratios"][f"{peer}/{c}"]) if there else "-"
                for c in compilers]
        row.append(least(r["times"], peer, compilers[0]) if there else "-")
        if marks:
            row.append(marks.get(r["net"], "-"))
        if has_torch:
            torch = r["ratios"].get(f"torch/{compilers[0]}")
            row.append(f"{torch['median']:.2f}" if torch else "-")
        if scaling:
            row.append(spread_text(r["scaling"]) if "scaling" in r else "-")
        row.append(f"{r['limits']['share']['median']:.0%}")
        rows.append(row)
    text = table(head, rows)
    for c in compilers:
        ratios = [r["ratios"][f"{peer}/{c}"]["median"] for r in records
                  if f"{peer}/{c}" in r["ratios"]]
        if ratios:
            text += f"Geometric mean with {c}: {mean(ratios):.2f}. "
    return text.rstrip() + "\n\n"


def networks(name, title, words):
    records = tools.load_record(name)
    if not records:
        return ""
    marks = {"nets": MARKS, "amx": AMX_MARKS}.get(name)
    worst = max(max(r["errors"].values()) for r in records)
    return (f"## {title}\n\n{words} {conditions(records)}"
            f"{duel_table(records, 'onnxruntime', marks)}"
            f"Outputs of all programs were compared with float64 in the same "
            f"run: the largest difference is {worst:.1g} of the largest "
            "output.\n\n")


def singles():
    records = tools.load_record("singles")
    if not records:
        return ""
    for r in records:
        r["title"] = shapes.ALL[r["net"]].title
    marks = {r["net"]: r["mark"] for r in records}
    return ("## Single convolutions\n\nFrom and to the layout of the source, "
            "bias included. " + conditions(records) +
            duel_table(records, "onnxruntime", marks))


def kernels():
    """Beside libraries of kernels, those of them that are here."""
    record = tools.load_record("kernels") or {}
    text = ""
    for part, peer, words in (
            ("products", "openblas",
             "Rows × depth × columns, both operands as they come: packing them "
             "is part of the time. OpenBLAS on one thread."),
            ("transforms", "fftw",
             "Convolutions that dlc computes by Fourier transforms, beside "
             "the same by transforms of FFTW (FFTW_MEASURE; tiles of the size "
             "that is fastest there; products in plain C; weights "
             "transformed before, on both sides).")):
        if record.get(part):
            text += (f"{words} {conditions(record[part])}"
                     f"{duel_table(record[part], peer)}")
    return ("## Single kernels beside OpenBLAS and FFTW\n\n" + text if text
            else "")


def counts(found):
    return ", ".join(f"{n} {c}" for n, c in found.items())


def grid():
    record = tools.load_record("grid")
    if not record:
        return ""
    s = record["summary"]
    rows = [[r["shape"], r["chosen"], r["fastest"], f"{r['loss']:.2f}",
             time_text(r["predicted"][r["chosen"]]),
             time_text(r["times"][r["chosen"]])]
            for r in sorted(record["records"], key=lambda r: -r["loss"])
            if r["loss"] > 1.1]
    text = (f"## The choice of a convolution\n\n{s['shapes']} shapes fixed by "
            "bench/shapes.py, half from networks, half odd. Every "
            "implementation is timed beside the chosen one, with its outputs "
            "compared, unless its predicted time is more than "
            f"{s['hopeless']:g} times the least; of its rounds the least "
            f"counts. {s['load']:.1f} programs wanted a core meanwhile.\n\n"
            "- The choice is within a tenth of the fastest on "
            f"**{s['near']:.1%}** of the shapes; at worst it takes "
            f"{s['worst']:.2f} times as long.\n- Chosen: "
            f"{counts(s['chosen'])}. Fastest: {counts(s['fastest'])}.\n"
            f"- Predicted times are {s['scale']:.2f} of the measured ones; "
            f"after that factor half of them are within {s['error']:.0%}.\n\n")
    if rows:
        text += table(["not within a tenth", "chosen", "fastest",
                       "takes", "predicted", "measured"], rows)
    return text


def training():
    text = ""
    for name, title in (("train", "Training, one core"),
                        ("train-two-cores", "Training, two cores")):
        records = tools.load_record(name)
        if not records:
            continue
        for r in records:
            r["title"] = f"{r['net']}, batch {r['batch']}"
        marks = {r["net"]: r["mark"] for r in records}
        text += (f"## {title}\n\nA step: gathering the batch, loss, gradient, "
                 "update; dropout off on both sides, equal weights and "
                 "batches, and the losses of the first steps agree. An epoch "
                 "of Fashion-MNIST is 937.5 steps of 64. " +
                 conditions(records) +
                 duel_table(records, "torch",
                            marks if name == "train" else None))
    return text


def start():
    record = tools.load_record("start")
    if not record:
        return ""
    head = ["", "dlc", "memory", "onnxruntime", "memory"]
    rows = []
    for r in record["first"]:
        row = [r["net"]]
        for who in ("dlc", "onnxruntime"):
            row += [f"{r[who]['ms']['median']:.1f} ms",
                    f"{r[who]['kib'] / 1024:.1f} MiB"] if who in r else \
                ["-", "-"]
        rows.append(row)
    text = ("## Start, memory, compiling\n\nFrom starting a process to its "
            "end after the first result, reading weights from a file "
            "included; the most memory it held. Ours is linked "
            "statically.\n\n" + table(head, rows))
    compilers = [c for c in ("gcc", "clang") if c in record["built"][0]]
    head = ["", "dlc"] + [f"{c} -O3" for c in compilers] + ["C"]
    rows = [[r["net"], f"{r['dlc'] * 1e3:.0f} ms"] +
            [f"{r[c]:.1f} s" for c in compilers] +
            [f"{r['bytes'] / 1000:.0f} kB"] for r in record["built"]]
    return text + "Processor time to compile:\n\n" + table(head, rows)


def targets():
    record = tools.load_record("targets")
    if not record:
        return ""
    compilers = list(record[0]["gflops"])
    rows = [[r["target"], r["shape"], r["form"]] +
            [f"{r['gflops'][c]:.1f}" for c in compilers] +
            [spread_text(r["share"][c]) for c in compilers] +
            [f"{r['alone'][c]:.2f}" for c in compilers] for r in record]
    return ("## Vectors of other targets\n\nDirect 3×3 convolution for each "
            "target, on planes (direct) or on blocks of channels (blocked), "
            "whichever dlc expects to be the faster, beside the peak of the "
            "same instructions. The least times are those of a core for "
            "oneself; where a neighbour takes half of the instructions, SSE's "
            "three for a multiply-add, the loop not counted, end at 68 % of "
            "a peak that has two.\n\n" +
            table(["target", "shape", "form"] +
                  [f"GFLOP/s, {c}" for c in compilers] +
                  [f"of its peak, {c}" for c in compilers] +
                  [f"least times, {c}" for c in compilers], rows))


def machine():
    with open("/proc/cpuinfo") as f:
        text = f.read()
    name = re.search(r"model name\s*:\s*(.*)", text).group(1)
    widest = next((w for w, flag in ((512, " avx512f"), (256, " avx2"),
                                     (128, "")) if flag in text), 128)
    records = [r for part in ("nets", "singles") for r in
               tools.load_record(part) or []]
    peaks = [r["limits"]["peak_gflops"] for r in records]
    compilers = ", ".join(f"{c} {tools.compiler_version(c)}"
                          for c in tools.COMPILERS)
    rate = (f", {min(peaks):.0f}-{max(peaks):.0f} GFLOP/s of multiply-adds "
            "measured" if peaks else "")
    return (f"{len(os.sched_getaffinity(0))} cores of {name}, {widest}-bit "
            f"vectors{rate}. Ours is compiled with {compilers}: "
            f"`{' '.join(tools.FLAGS)}`.")


def write():
    text = f"""# Benchmarks

`make bench` measures everything on this page on the machine at hand and writes it; `make bench ONLY="nets lenet"` a part.
Every program waits for its turn on the same core, A B C A B C ..., so that clock and neighbours are the same for all of a round;
ratios are taken within a round, shown as median (quartiles). With one thread the processor's time counts. All programs, the peers
as well, ask for huge pages (`GLIBC_TUNABLES=glibc.malloc.hugetlb=1`), but not where memory is measured. "By least times" is the ratio of the least
times of either: how it is on a core whose other hardware thread rests, where programs of many instructions gain more.

The limit of a network is the larger of two times taken in the same rounds: all operations, counted for direct
convolution, at the speed of multiply-adds in registers; and all weights read once from whatever cache holds them. Winograd and
FFT do with fewer operations, so they may pass 100 %.

{machine()}

"""
    text += networks("nets", "Networks, one core, batch 1",
                     "Times of one run.")
    text += networks("two-cores", "Networks, two cores, batch 1",
                     "Times on the wall, two threads each.")
    text += networks("batch32", "Networks, one core, batch 32",
                     "Times of 32 samples.")
    text += networks("amx", "Networks by AMX tiles, one core, batch 1",
                     "Compiled with `--target=x86-64-amx`; six products of "
                     "parts, as accurate as float.")
    text += singles() + kernels() + grid() + training() + start() + targets()
    (tools.ROOT / "docs" / "benchmarks.md").write_text(text.rstrip() + "\n")
