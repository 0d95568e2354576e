"""Whole networks: inference beside ONNX Runtime and PyTorch."""
import json
import re
import sys

import numpy as np

import shapes
import tools
from duel import Failed, Spread, Worker, duel, load, ratio

NETS = ["mlp", "lenet", "dscnn", "mobilenet025", "lstm", "transformer",
        "alexnet", "googlenet", "resnet50"]
TOLERANCE = 1e-3  # of the largest output: what tests allow is far below


def has_threads():
    return "--threads" in tools.run([tools.DLC, "--list=options"])


def source(net, batch):
    """The program, and the options that fix its batch."""
    if net not in shapes.ALL:
        return tools.BENCH / "models" / f"{net}.dl", ["-D", f"N={batch}"]
    path = tools.FOLDER / "convs" / f"{net}.dl"
    text = shapes.ALL[net].source(batch)
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return path, []


def export(net, batch):
    """The folder with what the peers need, and its description."""
    key = tools.key_of((tools.BENCH / "peers.py").read_text(),
                       (tools.BENCH / "export.py").read_text())
    folder = tools.FOLDER / "nets" / f"{net}-b{batch}-{key}"
    if not (folder / f"{net}.json").exists():
        tools.run([sys.executable, tools.BENCH / "export.py", net, batch,
                   folder])
        np.load(folder / f"{net}.x.npy").tofile(folder / "x.raw")
    return folder, json.loads((folder / f"{net}.json").read_text())


def parameters(program, folder, net):
    """The weights as the generated struct holds them, in a raw file."""
    sys.path.insert(0, str(tools.ROOT / "tests" / "lib"))
    import safetensors_io
    table = [line.split() for line in
             tools.run([program, "--table"]).splitlines()]
    weights = safetensors_io.load(folder / f"{net}.safetensors")
    raw = bytearray(int(table[-1][1]))
    for name, offset, elements in table[:-1]:
        data = weights[name].tobytes()
        if len(data) != 4 * int(elements):
            raise SystemExit(f"{net}: {name} has another size in peers.py")
        raw[int(offset):int(offset) + len(data)] = data
    out = folder / f"params-{tools.key_of(table)}.raw"
    if not out.exists():
        out.write_bytes(raw)
    return out


def defines_of(c, about):
    """What worker_infer.c has to know of generated C."""
    name = c.name.upper()
    out = [f"-DNAME={c.name}", f'-DHEADER="{c.header_name}"',
           f"-DWORKSPACE={name}_INFER_WORKSPACE_BYTES",
           f"-DINPUTS={np.prod(about['x'])}",
           f"-DOUTPUTS={np.prod(about['y'])}"]
    if c.macro("PACK_WORKSPACE_BYTES"):
        out.append(f"-DPACK_WORKSPACE={name}_PACK_WORKSPACE_BYTES")
    if f"{c.name}_enable_amx(" in c.header:
        out.append("-DENABLE_AMX")
    return out


class Ours:
    """A network compiled by dlc and one C compiler."""

    def __init__(self, net, batch, compiler, folder, about, threads=1,
                 target="native", extra=()):
        path, options = source(net, batch)
        extra = list(extra)
        if threads > 1 and has_threads():
            options.append(f"--threads={threads}")
            extra.append("-fopenmp")
        self.c = tools.Generated(path, options, target)
        self.program = tools.build(compiler, "worker_infer",
                                   defines_of(self.c, about), self.c, extra)
        self.command = [self.program, parameters(self.program, folder, net),
                        folder / "x.raw"]


def ort_command(net, folder, about, threads):
    program = tools.build("cc", "worker_ort", libs=["-ldl"])
    return [program, tools.ort_library(), folder / f"{net}.onnx", threads,
            folder / "x.raw", int(np.prod(about["y"])), *about["x"]]


def errors(workers, folder, net):
    """Largest difference from the float64 reference, of the largest output."""
    want = np.load(folder / f"{net}.y.npy").astype(np.float64).ravel()
    found = {}
    for worker in workers:
        path = folder / "y.raw"
        worker.ask(f"write {path}")
        got = np.fromfile(path, np.float32)
        found[worker.name] = float(np.abs(got - want).max() /
                                   np.abs(want).max())
        if not found[worker.name] < TOLERANCE:
            raise Failed(f"{net}: {worker.name} is wrong: "
                         f"{found[worker.name]:.2g}")
    return found


def start(net, batch, threads, with_torch, target):
    """The workers of one row, and what is known of the network."""
    folder, about = export(net, batch)
    here, workers = tools.peers(), []
    for compiler in tools.COMPILERS:
        ours = Ours(net, batch, compiler, folder, about, threads, target)
        workers.append(Worker(compiler, ours.command, threads))
    if here["onnxruntime"]:
        workers.append(Worker("onnxruntime",
                              ort_command(net, folder, about, threads),
                              threads))
    if here["torch"] and with_torch:
        workers.append(Worker("torch", [
            sys.executable, tools.BENCH / "torch_worker.py", "infer", net,
            batch, threads, folder / "x.raw"], threads))
    return workers, folder, about


def limits():
    """Workers that say what the core can do at this moment."""
    program = tools.build("gcc" if "gcc" in tools.COMPILERS else "cc",
                          "worker_limit")
    return program, [Worker("flops", [program, "flops"])]


def measure(net, batch=1, threads=1, seconds=6.0, with_torch=False,
            target="native"):
    workers, folder, about = start(net, batch, threads, with_torch, target)
    found = errors(workers, folder, net)
    program, bounds = limits()
    bounds.append(Worker("bytes", [program, 4 * about["parameters"]]))
    before = load()
    duel(workers + bounds, seconds)
    record = {"net": net, "batch": batch, "threads": threads,
              "flops": about["flops"], "parameters": about["parameters"],
              "load": [before, load()],
              "errors": found, "times": {}, "ratios": {}, "limits": {}}
    by_name = {w.name: w for w in workers}
    for w in workers:
        record["times"][w.name] = Spread(w.times).record()
    for compiler in tools.COMPILERS:
        for peer in ("onnxruntime", "torch"):
            if peer in by_name:
                record["ratios"][f"{peer}/{compiler}"] = ratio(
                    by_name[peer], by_name[compiler]).record()
    share = shares(by_name[tools.COMPILERS[0]], bounds, about, batch, threads)
    record["limits"] = share
    for w in workers + bounds:
        w.close()
    return record


def worker_flops():
    text = (tools.BENCH / "worker_limit.c").read_text()
    return int(re.search(r"WORKER_FLOPS = (\d+)", text).group(1))


def shares(ours, bounds, about, batch, threads):
    """The time of our fastest possible run in rounds, over the time of ours:
    all operations at the peak, and all weights read once."""
    flops = batch * about["flops"] / worker_flops() / threads
    compute = [flops * f / o for f, o in zip(bounds[0].cpu, ours.times)]
    reading = [b / o for b, o in zip(bounds[1].cpu, ours.times)]
    peak = worker_flops() / Spread(bounds[0].cpu).median
    return {"peak_gflops": peak, "compute": Spread(compute).record(),
            "reading": Spread(reading).record(),
            "share": Spread(map(max, compute, reading)).record()}
