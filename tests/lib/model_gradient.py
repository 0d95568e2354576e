"""The gradient of a train block against complex step of its training-mode
loss: random directions in every parameter, noise and dropout drawn alike."""
import re
import tempfile

import numpy as np

import model
from emitted import compiler_of
from complex_step import STEP, TOLERANCE

DIRECTIONS = 4  # for each parameter


def check(source, name, inputs, *options, block="step", seed=7):
    """inputs: arrays by name, given the sizes they have in the model."""
    random, bad = np.random.default_rng(6), 0
    with tempfile.TemporaryDirectory() as folder:
        real, step = (
            model.Model(model.build(folder, source, f"--real={r}", *options,
                                    f"--entries={block}_gradient", name=r,
                                    level="-O0", cc=compiler_of(r)), name)
            for r in ("f64", "complex"))
        real.init(seed)
        params = real.params.copy()
        for k, v in params.items():  # biases of 0 put ReLUs on their kink
            if v.ndim < 2:
                params[k] = v + 0.3 * random.random(v.shape)
        real.params.fill(params)
        count = real.library.macros[f"{name}_{block}_gradient".upper()
                                    + "_COUNT"]
        entry = f"{block}_gradient"

        def run(m):
            if m.memory:
                m.call("state_init", {})
            return m.call(entry, inputs, {"gradient": (count,)}, seed=seed,
                          block=block)

        result, losses = run(real)
        gradient, at, loss = result["gradient"], 0, next(iter(losses))
        kept = re.findall(r"/\* (\S+) .*, not learned \*/",
                          real.library.header)
        learned = {k: v for k, v in params.items() if k not in kept}
        assert count == sum(v.size for v in learned.values())
        for k, v in learned.items():
            g = gradient[at:at + v.size].reshape(v.shape)
            at, error, norm = at + v.size, 0.0, np.linalg.norm(g)
            for _ in range(min(DIRECTIONS, v.size)):
                d = random.standard_normal(v.shape)
                d /= np.linalg.norm(d)
                step.params.fill({**params, k: v + 1j * STEP * d})
                value = run(step)[1][loss]
                assert np.isclose(value.real, losses[loss], rtol=1e-12)
                expected = value.imag / STEP
                error = max(error, abs(np.sum(g * d) - expected))
            error = error / norm if norm > 0 else np.inf
            ok = error <= TOLERANCE
            bad += not ok
            print(f"{loss} by {k}: {error:.1e}{'' if ok else '  BAD'}")
    if bad:
        raise SystemExit(f"{bad} failures")
