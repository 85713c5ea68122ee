"""Times torch's CTC loss, forward and backward, from log-probabilities in float32.

Commands: "500 32 29 80 1 2": frames, batch, labels, target length, scale of the logits, calls. See
../harness.ts for the lines that are spoken.
"""

import json
import sys
import time

try:
    import torch
    from torch.nn.functional import ctc_loss
except ImportError:
    print(json.dumps({"missing": "torch"}), flush=True)
    sys.exit()

torch.set_num_threads(1)
torch.manual_seed(1)
inputs = {}


def make(frames, batch, labels, target_length, scale):
    log_probs = torch.log_softmax(scale * torch.randn(frames, batch, labels), 2).requires_grad_()
    targets = torch.randint(1, labels, (batch, target_length))
    return log_probs, targets, torch.full((batch,), frames), torch.full((batch,), target_length)


def seconds(*case, calls):
    if case not in inputs:
        inputs[case] = make(*case)
    log_probs, *rest = inputs[case]
    start = time.perf_counter()
    for _ in range(calls):
        log_probs.grad = None
        ctc_loss(log_probs, *rest, blank=0, reduction="sum").backward()
    return time.perf_counter() - start


print(json.dumps({"peer": f"torch {torch.__version__}"}), flush=True)
for line in sys.stdin:
    *case, calls = map(int, line.split())
    print(json.dumps({"seconds": seconds(*case, calls=calls)}), flush=True)
