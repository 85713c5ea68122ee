"""Times one training step in torch: LSTM, linear layer, CTC, backward, clipping, Adam, in float32.

Arguments: threads. Commands: "100 32 80 128 2 30 20": frames, batch, inputs, hidden, layers, labels,
target length. See ../harness.ts for the lines that are spoken.
"""

import json
import sys
import time

try:
    import torch
except ImportError:
    print(json.dumps({"missing": "torch"}), flush=True)
    sys.exit()

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)
steps = {}


def make(frames, batch, inputs, hidden, layers, labels, target_length):
    lstm = torch.nn.LSTM(inputs, hidden, layers, bidirectional=True)
    output = torch.nn.Linear(2 * hidden, labels)
    parameters = [*lstm.parameters(), *output.parameters()]
    adam = torch.optim.Adam(parameters, lr=1e-3)
    features = torch.randn(frames, batch, inputs)
    targets = torch.randint(1, labels, (batch, target_length))
    lengths = torch.full((batch,), frames), torch.full((batch,), target_length)

    def step():
        adam.zero_grad()
        log_probs = output(lstm(features)[0]).log_softmax(-1)
        torch.nn.functional.ctc_loss(log_probs, targets, *lengths).backward()
        torch.nn.utils.clip_grad_norm_(parameters, 5)
        adam.step()

    return step


print(json.dumps({"peer": f"torch {torch.__version__}"}), flush=True)
for line in sys.stdin:
    case = tuple(map(int, line.split()))
    if case not in steps:
        steps[case] = make(*case)
        steps[case]()
    start = time.perf_counter()
    steps[case]()
    print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)
