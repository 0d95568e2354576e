"""`dlc run` on arrays: weights, inputs, losses and outputs go through files."""
import pathlib
import tempfile

import numpy as np

import safetensors_io
from emitted import DLC, run


def dlc_run(model, entry, inputs, *options, weights=None, outputs=(),
            steps=None, level="-O0"):
    """Returns (outputs by name, weights after it, losses [steps, losses])."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        command = [DLC, "run", model, f"--entry={entry}", *options]
        if weights is not None:
            safetensors_io.save(folder / "before.safetensors", weights)
            command.append(f"--weights={folder}/before.safetensors")
        for name, a in inputs.items():
            np.save(folder / f"in_{name}.npy", a)
            command += ["--input", f"{name}={folder}/in_{name}.npy"]
        for name in outputs:
            command += ["--output", f"{name}={folder}/out_{name}.npy"]
        command.append(f"--save-weights={folder}/after.safetensors")
        if entry not in ("infer", "eval"):
            command.append(f"--losses={folder}/losses.npy")
        if steps:
            command.append(f"--steps={steps}")
        run("env", f"DLC_CFLAGS={level}", *command)
        losses = folder / "losses.npy"
        return ({k: np.load(folder / f"out_{k}.npy") for k in outputs},
                safetensors_io.load(folder / "after.safetensors"),
                np.load(losses) if losses.exists() else None)
