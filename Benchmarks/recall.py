#!/usr/bin/env python3
"""Recall of the scans in bfloat16 and int8 by the number of rows that are scored again exactly.

    pip install numpy && python Benchmarks/recall.py [--embeddings FILE.safetensors]

Rows are a mixture of Gaussians, or the `target` rows of a file that `mixer embed --dataset` wrote, with its `query` rows
as queries.
"""
import argparse, json, os, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy
import support
from parts.scan import BEST, COUNTS, WIDTH, Scans, mixture


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS)
    parser.add_argument("--width", type=int, default=WIDTH)
    parser.add_argument("--embeddings", help="a safetensors file of pairs, instead of a mixture")
    parser.add_argument("--metric", choices=["innerProduct", "cosine"], default="innerProduct")
    parser.add_argument("-k", type=int, default=BEST)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    binary = support.build(support.HERE, "StoreBenchmark")
    for count in [0] if options.embeddings else options.counts:
        rows, queries = embeddings(options.embeddings) if options.embeddings else mixture(count, 1000, options.width)
        with Scans(binary, rows, queries) as ours:
            print(f"\n{len(rows):,} × {rows.shape[1]}, {options.metric}: recall@{options.k} by the rows scored again")
            recalls(options, ours, min(options.queries, len(queries)))


def recalls(options, ours, count):
    def found(precision, rescored):
        return [ours.search(precision, options.metric, options.k, options.threads, rescored, query, 1)[1][0]
                for query in range(count)]
    true = found("float32", 0)
    for precision in ("bfloat16", "int8"):
        for rescored in (options.k, options.k * 5 // 4, options.k * 3 // 2, options.k * 2, 0):
            each = [len({*a} & {*b}) / len(b) for a, b in zip(found(precision, rescored), true)]
            print(f"  {precision:9} {rescored or 'default':>7}  {sum(each) / len(each):.5f}  lowest {min(each):.3f}")


def embeddings(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()

    def tensor(name):
        start, end = header[name]["data_offsets"]
        return numpy.frombuffer(data[start:end], dtype=numpy.float32).reshape(header[name]["shape"])
    # Several queries may share a story.
    return numpy.unique(tensor("target"), axis=0), numpy.ascontiguousarray(tensor("query"))


if __name__ == "__main__":
    main()
