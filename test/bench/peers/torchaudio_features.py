"""Times torchaudio's Kaldi features. Arguments: the seconds of an utterance of noise, and how many
utterances a run reads.

Commands: "log-mel 16000 80", "mfcc 16000 23": kind, sample rate, mel bins. See ../harness.ts for the
lines that are spoken.
"""

import json
import sys
import time

try:
    import torch
    from torchaudio import __version__ as version
    from torchaudio.compliance import kaldi
except ImportError:
    print(json.dumps({"missing": "torchaudio"}), flush=True)
    sys.exit()

seconds = float(sys.argv[1])
utterances = int(sys.argv[2])
torch.set_num_threads(1)
torch.manual_seed(1)
noise = {}


def features(kind, rate, bins):
    if rate not in noise:
        noise[rate] = torch.randn(1, int(seconds * rate)) * 3000
    options = dict(sample_frequency=float(rate), num_mel_bins=bins, dither=0.0, energy_floor=0.0)
    start = time.perf_counter()
    with torch.no_grad():
        for _ in range(utterances):
            if kind == "mfcc":
                kaldi.mfcc(noise[rate], num_ceps=13, **options)
            else:
                kaldi.fbank(noise[rate], **options)
    return time.perf_counter() - start


print(json.dumps({"peer": f"torchaudio {version}"}), flush=True)
for line in sys.stdin:
    kind, rate, bins = line.split()
    print(json.dumps({"seconds": features(kind, int(rate), int(bins))}), flush=True)
