#!/bin/sh
# Makes a model anew: speaks the synthetic corpus unless it is there, trains the network as
# models/<name>/training.json says and, where there are such, the HMM as training-hmm.json beside it says and the
# hybrid as training-hybrid.json says, calibrates their confidences, measures the dev sets and writes the card.
# Paths are relative to the repository; flags go to all trainings.
set -eu

if [ $# -lt 2 ]; then
  echo 'usage: bin/train-model.sh <model> <corpora folder> [--resume] [--seed <number>]' >&2
  exit 2
fi
model=$1
corpora=$2
shift 2

cd "$(dirname "$0")/.."
synthetic=.cache/corpora/synthetic
[ -f "$synthetic/train.jsonl" ] || node bin/sori.js prepare synthetic --out "$synthetic"
node bin/sori.js train ctc "models/$model/training.json" --corpora "$corpora" .cache/corpora "$@"
for kind in hmm hybrid; do
  configuration="models/$model/training-$kind.json"
  [ ! -f "$configuration" ] ||
    node bin/sori.js train "$kind" "$configuration" --corpora "$corpora" .cache/corpora "$@"
done
node bin/sori.js calibrate "models/$model" --corpora "$corpora" .cache/corpora
node bin/sori.js card "models/$model" --corpora "$corpora"
