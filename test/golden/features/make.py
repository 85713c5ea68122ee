"""Makes the golden features of this folder with torchaudio's Kaldi compliance module, in float64:

    /usr/bin/python3 test/golden/features/make.py      (Debian: apt-get install python3-torchaudio)

The signal is synthetic: a rising chirp over noise, with digital silence in the middle and a DC offset.
"""

import json
import pathlib
import wave

import numpy as np
import torch
import torchaudio
from torchaudio.compliance import kaldi

torch.set_default_dtype(torch.float64)  # the cosine transform is computed in the default type

folder = pathlib.Path(__file__).parent
options = dict(dither=0.0, energy_floor=0.0)
cases = {
    "log-mel-80-16k": (16000, kaldi.fbank, dict(num_mel_bins=80)),
    "log-mel-40-8k": (8000, kaldi.fbank, dict(num_mel_bins=40)),
    "log-mel-40-8k-hamming-energy": (
        8000,
        kaldi.fbank,
        dict(num_mel_bins=40, window_type="hamming", use_energy=True, preemphasis_coefficient=0.0),
    ),
    "log-mel-40-8k-warp-0.88": (8000, kaldi.fbank, dict(num_mel_bins=40, vtln_warp=0.88)),
    "log-mel-40-8k-warp-1.12": (8000, kaldi.fbank, dict(num_mel_bins=40, vtln_warp=1.12)),
    "mfcc-13-16k": (16000, kaldi.mfcc, dict(num_ceps=13, num_mel_bins=23)),
    "mfcc-13-8k": (8000, kaldi.mfcc, dict(num_ceps=13, num_mel_bins=23)),
    "mfcc-13-8k-energy": (8000, kaldi.mfcc, dict(num_ceps=13, num_mel_bins=23, use_energy=True)),
}


def signal(rate):
    random = np.random.default_rng(20)
    time = np.arange(int(0.4 * rate)) / rate
    chirp = 8000 * np.sin(2 * np.pi * (100 * time + 0.5 * rate * time**2))
    samples = chirp + 300 * random.standard_normal(len(time)) + 50
    samples[int(0.18 * rate) : int(0.24 * rate)] = 0
    return np.round(samples).astype(np.int16)


for rate in (8000, 16000):
    with wave.open(str(folder / f"signal-{rate // 1000}k.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(signal(rate).tobytes())

for name, (rate, function, extra) in cases.items():
    waveform = torch.from_numpy(signal(rate).astype(np.float64))[None]
    features = function(waveform, sample_frequency=float(rate), **options, **extra)
    np.save(folder / f"{name}.npy", features.numpy().astype(np.float32))

versions = {"torch": torch.__version__, "torchaudio": torchaudio.__version__}
(folder / "versions.json").write_text(json.dumps(versions) + "\n")
