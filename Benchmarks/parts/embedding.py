"""Embedding of stories and summaries, scoring of contexts; PyTorch's in turn on the same texts.

Ours in float32 stands beside PyTorch in float32, ours in bfloat16 beside both. "Whole windows" is the published way,
"cropped" what a careful PyTorch user would write: batches sorted by length, cropped to the longest text. PyTorch reads
a whole window whatever the text, so it is given fewer texts there. Reading and tokenizing the texts is included.
"""
import argparse, os

import support
from support import EMBEDDER, STORIES, SUMMARIES, TOKENIZER, Figure, Row, Side

PRECISIONS = ("float32", "bfloat16")
# PyTorch batches 32 windows at most: with fewer texts it would be slower than it is.
WINDOWS = 32


def measure(bench):
    binary = bench.binary("InferenceBenchmark")
    random_model = os.path.join(support.KEPT, "random-512")
    if not os.path.exists(os.path.join(random_model, "model.safetensors")):
        support.ours(binary, "checkpoint", dim=512, depth=8, tokenizer=TOKENIZER, output=random_model)
    rows = [
        *embedding(bench, binary, "stories, D 512, 8 blocks", random_model, STORIES, 48),
        *embedding(bench, binary, "summaries, D 512, 8 blocks", random_model, SUMMARIES, 320),
        *scoring(bench, binary, "contexts of 128, D 512, 8 blocks", 512, 8, 96),
        *embedding(bench, binary, "stories, the shipped embedder", EMBEDDER, STORIES, 128),
        *embedding(bench, binary, "summaries, the shipped embedder", EMBEDDER, SUMMARIES, 768),
    ]

    def before_round():
        for precision in PRECISIONS:
            bench.measure_peak(binary, precision)
    bench.in_turn("embedding", rows, before_round)


def embedding(bench, binary, what, model, texts, limit):
    def ours(precision):
        def run(scale):
            result = support.ours(binary, "embed", model=model, texts=texts, limit=max(2, int(limit * scale)),
                                  threads=bench.threads, precision=precision)
            return bench.figure(result, precision)
        return run

    def torch(way, precision):
        def run(scale):
            count = max(4, int(WINDOWS * scale)) if way == "window" else max(2, int(limit * scale))
            arguments = argparse.Namespace(model=model, texts=texts, limit=count, way=way, dtype=precision)
            return Figure(support.pytorch(bench).embed(arguments)["texts_per_s"])
        return run
    return beside(what, "texts / s", ours, torch, {"window": "whole windows", "cropped": "cropped"})


def scoring(bench, binary, what, width, blocks, contexts):
    def ours(precision):
        def run(scale):
            result = support.ours(binary, "score", dim=width, depth=blocks, width=128, threads=bench.threads,
                                  contexts=max(2, int(contexts * scale)), precision=precision)
            return bench.figure(result, precision)
        return run

    def torch(_, precision):
        def run(scale):
            count = max(2, int(contexts * scale))
            batch = min(32, count)
            arguments = argparse.Namespace(dim=width, depth=blocks, width=128, batch=batch,
                                           steps=max(1, count // batch), dtype=precision)
            return Figure(support.pytorch(bench).score(arguments)["contexts_per_s"])
        return run
    return beside(what, "contexts / s", ours, torch, {"": ""})


def beside(what, unit, ours, torch, ways):
    """Rows of both precisions of ours: float32 beside PyTorch's float32, bfloat16 beside both."""
    peers = {
        (precision, way): Side(", ".join(filter(None, [f"PyTorch {precision}", title])), torch(way, precision))
        for precision in PRECISIONS for way, title in ways.items()}
    for precision in PRECISIONS:
        side = Side(f"{what}, {precision}", ours(precision))
        for (peer_precision, _), peer in peers.items():
            if precision == "bfloat16" or peer_precision == "float32":
                yield Row(f"{what}, {precision}", unit, side, peer)
