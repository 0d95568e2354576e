"""A training step beside PyTorch: same weights, same batches, same order.

The programs of bench/models get labels, a loss and a train block here. One
step gathers its batch, computes the loss and both gradients, and updates.
"""
import gzip
import os
import pathlib
import re
import sys

import numpy as np

import nets
import tools
from duel import Failed, Spread, Worker, duel, load, ratio

# network: batch, learning rate, momentum, classes, samples, mark
TASKS = {"lenet": (64, 0.1, 0.0, 10, 60000, 2.5),
         "mlp": (64, 0.1, 0.0, 10, 60000, 1.5),
         "alexnet": (16, 1e-4, 0.9, 1000, 64, 1.5)}
LOSSES = 8         # of the first steps: they are compared
TOLERANCE = 2e-3   # relative, after up to eight steps from equal weights


def source(net):
    """The program of bench/models with a train block."""
    batch, rate, momentum, classes, _, _ = TASKS[net]
    text = (tools.BENCH / "models" / f"{net}.dl").read_text().rstrip()
    more = f", momentum = {momentum}" if momentum else ""
    path = tools.FOLDER / "train" / f"{net}.dl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"""{text.rstrip("}")}
  input label : int<{classes}>[N];
  loss J = mean(xent(y, label));
  train step {{ minimize J; using sgd{{lr = {rate}{more}}}; }}
}}
""")
    return path, ["-D", f"N={batch}", "--no-random"]


def fashion(part, skip):
    folder = pathlib.Path(os.environ.get("DLC_DATA_DIR",
                                         "/usr/share/datasets"))
    path = folder / "fashion-mnist" / f"train-{part}-ubyte.gz"
    if not path.exists():
        raise Failed("no data: apt-get install -y dataset-fashion-mnist")
    with gzip.open(path, "rb") as f:
        return np.frombuffer(f.read(), np.uint8, offset=skip)


def data(net):
    """Raw files of inputs, labels and an order of samples."""
    _, _, _, classes, samples, _ = TASKS[net]
    folder = tools.FOLDER / "train"
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{net}.{what}.raw" for what in ("x", "label", "order")]
    draw = np.random.default_rng(1)
    if net == "alexnet":
        x = draw.standard_normal((samples, 3, 224, 224), np.float32)
        y = draw.integers(0, classes, samples)
    else:
        x = fashion("images-idx3", 16).astype(np.float32) / 255
        y = fashion("labels-idx1", 8)
    x.tofile(paths[0])
    y.astype(np.int32).tofile(paths[1])
    draw.permutation(samples).astype(np.int32).tofile(paths[2])
    return paths, x.size // samples


def generated(net, threads):
    """The C of a step, and what its compile line needs."""
    path, options = source(net)
    extra = []
    if threads > 1 and nets.has_threads():
        options.append(f"--threads={threads}")
        extra.append("-fopenmp")
    return tools.Generated(path, options), extra


def command(net, c, compiler, folder, paths, inputs, extra):
    """The program that trains with generated C, and its arguments."""
    name = c.name.upper()
    batch, _, _, _, samples, _ = TASKS[net]
    step = re.search(rf"int {c.name}_step\(.*?;", c.header, re.S).group()
    defines = [f"-DNAME={c.name}", f'-DHEADER="{c.header_name}"',
               f"-DWORKSPACE={name}_STEP_WORKSPACE_BYTES",
               f"-DINPUTS={inputs}", f"-DBATCH={batch}",
               f"-DSAMPLES={samples}", f"-DLOSSES={LOSSES}",
               f"-DSTATE={int('_state *' in step)}"]
    program = tools.build(compiler, "worker_train", defines, c, extra)
    return [program, nets.parameters(program, folder, net), *paths]


def ours(net, compiler, folder, paths, inputs, threads, name=None):
    c, extra = generated(net, threads)
    return Worker(name or compiler, command(net, c, compiler, folder, paths,
                                            inputs, extra), threads)


def measure(net, threads=1, seconds=8.0):
    batch, rate, momentum, _, _, mark = TASKS[net]
    folder, about = nets.export(net, 1)
    paths, inputs = data(net)
    workers = [ours(net, c, folder, paths, inputs, threads)
               for c in tools.COMPILERS]
    if threads > 1:
        workers.append(ours(net, tools.COMPILERS[0], folder, paths, inputs, 1,
                            "one core"))
    if tools.peers()["torch"]:
        workers.append(Worker("torch", [
            sys.executable, tools.BENCH / "torch_worker.py", "train", net,
            batch, rate, momentum, threads, *paths], threads))
    losses = first_losses(net, workers)
    program, bounds = nets.limits()
    before = load()
    duel(workers + bounds, seconds, turn=0.05)
    by_name = {w.name: w for w in workers}
    record = {"net": net, "batch": batch, "threads": threads, "mark": mark,
              "load": [before, load()],
              "times": {w.name: Spread(w.times).record() for w in workers},
              "losses": losses, "ratios": {}, "flops": 3 * about["flops"]}
    for compiler in tools.COMPILERS:
        if "torch" in by_name:
            record["ratios"][f"torch/{compiler}"] = ratio(
                by_name["torch"], by_name[compiler]).record()
    fastest = by_name[tools.COMPILERS[0]]
    if threads > 1:
        record["scaling"] = Spread(
            a / b for a, b in zip(by_name["one core"].wall,
                                  fastest.wall)).record()
    turns = 3 * batch * about["flops"] / nets.worker_flops() / threads
    record["limits"] = {"share": Spread(
        turns * b / o for b, o in zip(bounds[0].cpu, fastest.times)).record()}
    for w in workers + bounds:
        w.close()
    return record


def first_losses(net, workers):
    """Runs until every program has made the same steps; what they lost."""
    found = {}
    for w in workers:
        path = tools.FOLDER / "train" / "losses.raw"
        while int(w.ask(f"write {path}")) < 8 * LOSSES:
            w.ask("time 0")
        found[w.name] = np.fromfile(path, np.float64).tolist()
    names = list(found)
    for name in names[1:]:
        a, b = np.array(found[names[0]]), np.array(found[name])
        if not np.abs(a / b - 1).max() < TOLERANCE:
            raise Failed(f"{net}: losses of {names[0]} and {name} differ: "
                         f"{a} {b}")
    return found
