"""Training steps of the networks of `mlp` and `sasrec` in PyTorch, on the same sizes and kind of data.

Needs Debian's python3-torch and libopenblas0-openmp; nothing of the product uses it.
usage: python3 torch_steps.py mlp|sasrec THREADS STEPS
prints a JSON object with the milliseconds of every step after a tenth of warm-up
"""
import json, sys, time
import torch
from torch import nn
from torch.nn import functional as F

mode, threads, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(1)


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.inner, self.outer = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, x, mask):
        q, k, v = self.qkv(self.norm1(x)).chunk(3, -1)
        shares = torch.softmax(q @ k.transpose(1, 2) / q.shape[-1] ** 0.5 + mask, -1)
        x = x + self.out(shares @ v)
        return x + self.outer(torch.relu(self.inner(self.norm2(x))))


class Sasrec(nn.Module):
    def __init__(self, items, width, length):
        super().__init__()
        self.items = nn.Embedding(items + 1, width, padding_idx=0, sparse=True)
        self.positions = nn.Parameter(torch.randn(length, width) * 0.1)
        self.blocks = nn.ModuleList([Block(width), Block(width)])
        self.last = nn.LayerNorm(width)
        self.mask = torch.full((length, length), float("-inf")).triu(1)

    def forward(self, ids):
        x = self.items(ids) + self.positions
        for block in self.blocks:
            x = block(x, self.mask)
        return self.last(x)


if mode == "mlp":
    network = nn.Sequential(nn.Linear(60, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 1))
    optimizers = [torch.optim.Adam(network.parameters(), 1e-3)]
    x, y = torch.randn(16, 256, 60), (torch.rand(16, 256) < 0.3).float()

    def loss(step):
        return F.binary_cross_entropy_with_logits(network(x[step % 16]).squeeze(1), y[step % 16])
else:
    batch, length, items = 128, 50, 20_000
    network = Sasrec(items, 64, length)
    dense = [p for p in network.parameters() if p is not network.items.weight]
    optimizers = [torch.optim.Adam(dense, 1e-3), torch.optim.SparseAdam([network.items.weight], 1e-3)]
    lengths = torch.randint(10, length + 1, (16, batch, 1))
    inside = torch.arange(length) < lengths
    ids, targets, negatives = (torch.randint(1, items + 1, (16, batch, length)) * inside for _ in range(3))

    def loss(step):
        step %= 16
        states, keep = network(ids[step]), inside[step]
        yes = (states * network.items(targets[step])).sum(-1)[keep]
        no = (states * network.items(negatives[step])).sum(-1)[keep]
        return F.softplus(-yes).mean() + F.softplus(no).mean()

taken = []
for step in range(steps + steps // 10):
    start = time.perf_counter()
    for optimizer in optimizers:
        optimizer.zero_grad(set_to_none=True)
    loss(step).backward()
    for optimizer in optimizers:
        optimizer.step()
    taken.append(1000 * (time.perf_counter() - start))
print(json.dumps({"version": torch.__version__, "milliseconds": taken[steps // 10:]}))
