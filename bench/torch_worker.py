"""The lines of worker.h, obeyed by PyTorch.

    torch_worker.py infer NETWORK BATCH THREADS INPUT
    torch_worker.py train NETWORK BATCH RATE MOMENTUM THREADS X LABELS ORDER
"""
import gc
import re
import statistics
import sys
import time

START = time.monotonic_ns()


def take_times(work, seconds):
    """(processor ns, wall ns, runs): medians, as worker.c does it."""
    work()
    cpu, wall = [], []
    end = time.monotonic() + seconds
    while True:
        c, w = time.process_time_ns(), time.perf_counter_ns()
        work()
        wall.append(time.perf_counter_ns() - w)
        cpu.append(time.process_time_ns() - c)
        if time.monotonic() >= end:
            return statistics.median(cpu), statistics.median(wall), len(cpu)


def most_memory():
    with open("/proc/self/status") as f:
        return int(re.search(r"VmHWM:\s*(\d+)", f.read()).group(1))


def obey(work, write):
    print(f"ready {time.monotonic_ns() - START}", flush=True)
    for line in sys.stdin:
        verb, _, rest = line.strip().partition(" ")
        if verb == "time":
            print("%.1f %.1f %d" % take_times(work, float(rest)))
        elif verb == "memory":
            print(most_memory())
        elif verb == "write":
            print(write(rest))
        sys.stdout.flush()


def infer(network, batch, threads, path):
    import numpy as np
    import torch

    import peers
    torch.set_num_threads(int(threads))
    net, x = peers.build(network, int(batch))
    x = torch.from_numpy(np.fromfile(path, np.float32)).reshape(x.shape)
    result = [None]
    with torch.no_grad():
        frozen = torch.jit.freeze(torch.jit.trace(net, x))

        def work():
            result[0] = frozen(x)

        def write(path):
            result[0].numpy().tofile(path)
            return result[0].numel() * 4
        for _ in range(3):
            work()
        gc.disable()
        obey(work, write)


def train(network, batch, rate, momentum, threads, x, labels, order):
    import numpy as np
    import torch

    import peers
    torch.set_num_threads(int(threads))
    net, sample = peers.build(network, 1)
    net.train()
    for part in net.modules():
        if isinstance(part, torch.nn.Dropout):
            part.p = 0.0
    x = torch.from_numpy(np.fromfile(x, np.float32)).reshape(
        -1, *sample.shape[1:])
    labels = torch.from_numpy(np.fromfile(labels, np.int32).astype(np.int64))
    order = torch.from_numpy(np.fromfile(order, np.int32).astype(np.int64))
    optimiser = torch.optim.SGD(net.parameters(), float(rate),
                                momentum=float(momentum))
    lost, losses, at, batch = torch.nn.CrossEntropyLoss(), [], [0], int(batch)

    def work():
        pick = order[torch.arange(at[0], at[0] + batch) % len(order)]
        at[0] = (at[0] + batch) % len(order)
        optimiser.zero_grad()
        loss = lost(net(x[pick]), labels[pick])
        loss.backward()
        optimiser.step()
        if len(losses) < 8:
            losses.append(loss.item())

    def write(path):
        np.array(losses).tofile(path)
        return 8 * len(losses)
    work()
    obey(work, write)


if __name__ == "__main__":
    {"infer": infer, "train": train}[sys.argv[1]](*sys.argv[2:])
