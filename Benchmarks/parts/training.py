"""Training steps, ours and PyTorch's in turn: forward, backward, AdamW.

Language modelling is on stories, 32 a step; PyTorch gets batches sorted by length and cropped to the longest text, what
a careful user would write. Retriever training is 32 contexts of 128 a step. PyTorch in bfloat16 is its autocast.
"""
import argparse

import support
from parts.embedding import PRECISIONS, beside
from support import STORIES, TOKENIZER, Figure

STEPS = 4


def measure(bench):
    binary = bench.binary("TrainingBenchmark")
    rows = [
        *steps(bench, binary, "training a language model, D 256, 8 blocks", "pretrain", "tokens / s",
               dict(texts=STORIES, tokenizer=TOKENIZER)),
        *steps(bench, binary, "training a retriever, D 256, 8 blocks, contexts of 128", "retrieve", "contexts / s", {}),
    ]

    def before_round():
        for precision in PRECISIONS:
            bench.measure_peak(binary, precision)
    bench.in_turn("training", rows, before_round)


def steps(bench, binary, what, command, unit, files):
    def ours(precision):
        def run(scale):
            result = support.ours(binary, command, dim=256, depth=8, steps=max(1, round(STEPS * scale)),
                                  threads=bench.threads, precision=precision, **files)
            return bench.figure(result, precision)
        return run

    def torch(_, precision):
        def run(scale):
            arguments = argparse.Namespace(dim=256, depth=8, width=128, batch=32, steps=max(1, round(STEPS * scale)),
                                           dtype=precision, way="cropped", texts=STORIES, tokenizer=TOKENIZER)
            result = getattr(support.pytorch(bench), command)(arguments)
            return Figure(next(value for key, value in result.items() if key.endswith("_per_s")))
        return run
    return beside(what, unit, ours, torch, {"": ""})
