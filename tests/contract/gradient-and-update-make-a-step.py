# NAME_step_gradient and NAME_step_update do together what NAME_step does: with
# dropout, momentum, Adam, clipping and projections.
# RUN: %python %s
import tempfile

import numpy as np

import contract
import model
from compare import close, finish

MODELS = [("mlp", ["-D", "H=48"]), ("multitask", []),
          ("stream", [])]


def start(m, block):
    m.init(3)
    m.call(f"{block}_state_init", {}, block=block)
    if m.memory:
        m.call("state_init", {})


def result(m, block):
    return {**m.params.copy(), **m.state(block).copy(),
            **(m.memory.copy() if m.memory else {})}


def try_block(m, block, n):
    values = contract.inputs(m.library, m.name, n, np.random.default_rng(5))
    count = m.library.macros[
        f"{m.name.upper()}_{block.upper()}_GRADIENT_COUNT"]
    start(m, block)
    for seed in (7, 8):
        _, losses = m.call(block, values, n=n, seed=seed)
    whole = result(m, block)
    start(m, block)
    for seed in (7, 8):
        g, again = m.call(f"{block}_gradient", values, {"gradient": [count]},
                          n=n, seed=seed)
        m.call(f"{block}_update", g, block=block)
    for name, v in losses.items():
        close(f"{m.name}_{block}: {name}", again[name], v, 1e-6)
    for name, v in result(m, block).items():
        close(f"{m.name}_{block}: {name}", v, whole[name], 2e-6)


def main():
    for example, options in MODELS:
        with tempfile.TemporaryDirectory() as folder:
            lib = model.build(folder, contract.source(example), *options)
        for name in contract.model_names(lib.header):
            m = model.Model(lib, name)
            blocks = {b for _, b in contract.entries(lib, name) if b}
            for block in sorted(blocks):
                try_block(m, block, contract.bound(lib, name) - 3)
    finish()


main()
