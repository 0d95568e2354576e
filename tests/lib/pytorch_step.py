"""One step of SGD with momentum on an example, by dlc and by PyTorch."""
import torch
import torch.nn.functional as F

import pytorch_models
from compare import close, finish
from dlc_run import dlc_run
from emitted import ROOT


def check(example):
    for real, dtype, tolerance in (("f32", torch.float32, 1e-5),
                                   ("f64", torch.float64, 1e-9)):
        torch.set_default_dtype(dtype)
        torch.manual_seed(5)
        net = getattr(pytorch_models, example)()
        x, y = torch.rand(32, 1, 28, 28), torch.randint(10, (32,))
        before = pytorch_models.weights_of(net)
        optimiser = torch.optim.SGD(net.parameters(), 0.01, momentum=0.9)
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimiser.step()
        _, after, losses = dlc_run(
            f"{ROOT}/examples/{example}/model.dl", "step",
            {"x": x.numpy(), "y": y.numpy()}, "--no-random",
            f"--real={real}", weights=before)
        close(f"{real} loss", losses[0, 0], loss.item(), tolerance)
        for k, v in pytorch_models.weights_of(net).items():
            close(f"{real} {k}", after[k], v, tolerance)
            close(f"{real} {k}: the step", after[k] - before[k],
                  v - before[k], 1e3 * tolerance)
    finish()
