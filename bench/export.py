"""Weights, an input and ONNX files of a network of peers.py, in a process of
its own because PyTorch is large: export.py NETWORK BATCH FOLDER.

Writes NETWORK.onnx .safetensors .x.npy .y.npy, and NETWORK.json: operations
of one sample (a multiply-add is two, all others are not counted), the shapes.
"""
import json
import pathlib
import sys

import torch
import torch.nn as nn

import peers
import shapes


def _count(part, given, made):
    x = given[0]
    if isinstance(part, (nn.Conv1d, nn.Conv2d)):
        return 2 * made.numel() * part.weight[0].numel()
    if isinstance(part, nn.Linear):
        return 2 * made.numel() * part.in_features
    if isinstance(part, nn.LSTM):
        cells = x.shape[0] * x.shape[1]
        return sum(2 * cells * w.numel() for name, w in part.named_parameters()
                   if name.startswith("weight"))
    if isinstance(part, peers.Encoder):
        return 4 * x.shape[0] * x.shape[1] ** 2 * x.shape[2]
    return 0


def operations(net, x):
    total = [0]

    def hook(part, given, made):
        total[0] += _count(part, given, made)
    hooks = [part.register_forward_hook(hook) for part in net.modules()]
    with torch.no_grad():
        y = net(x)
    for h in hooks:
        h.remove()
    return total[0], y


def convolution(shape):
    """How to build a network of one convolution."""
    s = shape
    if s.line:
        return lambda: nn.Sequential(nn.Conv1d(
            s.c, s.o, s.kw, s.stride, s.pad, s.dilation, s.groups))
    return lambda: nn.Sequential(nn.Conv2d(
        s.c, s.o, (s.kh, s.kw), s.stride, s.pad, s.dilation, s.groups))


def main():
    name, batch, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    if name in shapes.ALL:
        shape = shapes.ALL[name]
        peers.NETWORKS[name] = convolution(shape), shape.sample
    peers.export(name, folder, batch, onnx=True)
    net, x = peers.build(name, 1)
    flops, _ = operations(net, x)
    x = peers.build(name, batch)[1]
    with torch.no_grad():
        y = net(x)
    record = {"flops": flops, "x": list(x.shape), "y": list(y.shape),
              "parameters": sum(p.numel() for p in net.parameters())}
    (pathlib.Path(folder) / f"{name}.json").write_text(json.dumps(record))


if __name__ == "__main__":
    main()
