"""Single kernels beside libraries of them: matrix products beside OpenBLAS,
convolutions by Fourier transforms beside FFTW.
"""
import math

import numpy as np

import convs
import nets
import shapes
import tools
from duel import Failed, Spread, Worker, duel, load, ratio

# rows, columns, depth: squares; layers of ResNet-50, 1x1 and 3x3 as products
PRODUCTS = [(64, 64, 64), (256, 256, 256), (1024, 1024, 1024),
            (64, 3136, 256), (512, 784, 128), (256, 196, 2304)]
TRANSFORMS = [s for s in shapes.SINGLES if s.kw >= 7]


def product_source(m, n, k):
    path = tools.FOLDER / "kernels" / f"product_{m}x{n}x{k}.dl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"model product {{\n  input a : real[{m}, {k}];\n"
                    f"  input b : real[{k}, {n}];\n  output y = a @ b;\n}}\n")
    return path


def product_workers(m, n, k):
    sizes = [f"-DPRODUCT_M={m}", f"-DPRODUCT_N={n}", f"-DPRODUCT_K={k}"]
    a, b = convs.noise("a", 4 * m * k), convs.noise("bb", 4 * k * n)
    c = tools.Generated(product_source(m, n, k))
    ours = [tools.build(compiler, "worker_product",
                        [*sizes, f'-DHEADER="{c.header_name}"'], c)
            for compiler in tools.COMPILERS]
    blas = tools.build("cc", "worker_product", sizes, libs=["-lopenblas"])
    want = (np.fromfile(a, np.float32).reshape(m, k).astype(np.float64)
            @ np.fromfile(b, np.float32).reshape(k, n))
    return [Worker(name, [program, a, b]) for name, program in
            zip([*tools.COMPILERS, "openblas"], [*ours, blas])], want


def transform_workers(s):
    path, _ = nets.source(s.name, 1)
    chosen, _ = convs.predictions(path)
    workers = []
    for compiler in tools.COMPILERS:
        c = convs.Candidate(s, chosen, 0)
        c.build(compiler=compiler)
        workers.append(Worker(compiler, c.command))
    h, kh = max(s.h, 1), 1 if s.line else s.kh
    sizes = {"C": s.c, "O": s.o, "H": h, "W": s.w, "KH": kh, "KW": s.kw,
             "LH": 0 if s.line else s.pad, "LW": s.pad,
             "OH": 1 if s.line else s.out(s.h, s.kh), "OW": s.out(s.w, s.kw)}
    fftw = tools.build("cc", "worker_fftw",
                       [f"-D{key}={v}" for key, v in sizes.items()],
                       libs=["-lfftw3f"])
    return workers + [Worker("fftw", [fftw, *c.command[1:]])]


def measure(title, flops, workers, peer, differ, seconds):
    if not differ < nets.TOLERANCE:
        raise Failed(f"{title}: outputs differ by {differ:.2g}")
    _, [peak] = nets.limits()
    before = load()
    duel(workers + [peak], seconds)
    by_name = {w.name: w for w in workers}
    record = {"net": title, "title": title, "flops": flops,
              "load": [before, load()], "batch": 1, "threads": 1,
              "times": {w.name: Spread(w.times).record() for w in workers},
              "ratios": {f"{peer}/{c}": ratio(by_name[peer],
                                              by_name[c]).record()
                         for c in tools.COMPILERS}}
    work = flops / nets.worker_flops()
    record["limits"] = {
        "peak_gflops": nets.worker_flops() / Spread(peak.cpu).median,
        "share": Spread(work * p / o for p, o in
                        zip(peak.cpu, workers[0].times)).record()}
    for w in workers + [peak]:
        w.close()
    return record


def products(seconds):
    for m, n, k in PRODUCTS:
        workers, want = product_workers(m, n, k)
        differ = 0.0
        for w in workers:
            path = tools.FOLDER / "noise" / "y.raw"
            w.ask(f"write {path}")
            got = np.fromfile(path, np.float32).reshape(m, n)
            differ = max(differ, float(np.abs(got - want).max() /
                                       np.abs(want).max()))
        yield measure(f"{m} × {k} × {n}", 2 * math.prod((m, n, k)), workers,
                      "openblas", differ, seconds)


def transforms(seconds):
    for s in TRANSFORMS:
        workers = transform_workers(s)
        yield measure(s.title, s.flops, workers, "fftw",
                      convs.disagreement(workers), seconds)
