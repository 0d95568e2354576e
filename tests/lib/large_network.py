"""A large example: compiled, run on one image, and explained."""
import re
import tempfile
import time

import numpy as np
import torch

import model
import pytorch_models
from emitted import DLC, ROOT, run

TOLERANCE = 2e-5  # relative L2 error of a network of up to 60 layers


def check(example, size, convolutions, gain):
    source = f"{ROOT}/examples/{example}/model.dl"
    reports(source, convolutions)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        run(DLC, source, "-DN=1", "-o", f"{folder}/timed.c")
        print(f"{example}: compiled in {time.perf_counter() - start:.2f} s")
        m = model.Model(model.build(folder, source, "-DN=1",
                                    "--entries=infer"), example)
        m.init(seed=1)
        for name, v in m.params.members.items():  # so that signals last
            if v.ndim > 1:
                v *= gain
        x = np.random.default_rng(1).standard_normal(
            (1, 3, size, size)).astype(np.float32)
        got, _ = m.call("infer", {"x": x}, {"p": (1, 1000)})
        w = {k: torch.from_numpy(v.astype(np.float64))
             for k, v in m.params.members.items()}
        with torch.no_grad():
            expected = getattr(pytorch_models, example)(
                w, torch.from_numpy(x.astype(np.float64))).numpy()
    spread = expected.max() / expected.min()
    error = np.linalg.norm(got["p"] - expected) / np.linalg.norm(expected)
    print(f"{example}: relative error {error:.1e}; the largest output is "
          f"{spread:.3g} times the smallest")
    assert spread > 2, "the outputs say nothing"
    assert error <= TOLERANCE


def reports(source, convolutions):
    """`dlc explain` shows, for every convolution of inference, the candidates
    with their costs, and which one was chosen."""
    text = run(DLC, "explain", source)
    text = text[text.index("infer:"):]
    text = text[:text.index("workspace")]
    parts = re.split(r"^  (?=conv |matmul\w* |operators)", text, flags=re.M)
    shown = [p for p in parts if p.startswith("conv ")]
    assert len(shown) == convolutions, f"{len(shown)} convolutions"
    for part in shown:
        rows = re.findall(r"^  (\*| ) (\w+) +(.*)$", part, flags=re.M)
        costs = [row for row in rows if re.match(
            r"[\d.e+]+ ?\w? operations +[\d.e+]+ \w+ moved +[\d.e+]+ \w+ "
            r"scratch +[\d.e+-]+ \w+", row[2])]
        assert sum(row[0] == "*" for row in costs) == 1, part
        assert {row[1] for row in costs} >= {"direct", "toeplitz"}, part
