#!/usr/bin/env python3
"""All benchmarks, ours and the named peers' in turn: one Markdown table.

    pip install torch safetensors sentencepiece numpy faiss-cpu
    python Benchmarks/benchmark.py            # builds ours, then takes about a quarter of an hour on two cores

A peer that is not installed is named as missing in its rows. Printed are medians over the rounds with the lowest and
the highest, and

  times as good   how many times ours is the peer, taken within each round: a rate by the peer's rate, the peer's time
                  (or memory) by ours; more is better for ours
  of the peak     our useful work (UsefulWork.swift: what exact results need at least) a second, against the largest
                  matrix product that the machine reached in the same round

Ctrl-C stops and prints what has been measured.
"""
import argparse, json, os, sys, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import support
from parts import embedding, scan, start, training

PARTS = {"embedding": embedding, "training": training, "scan": scan, "start": start}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", type=chosen, default=list(PARTS), metavar="PART,…", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="two rounds of little: to see that it runs, not to quote")
    parser.add_argument("--rounds", type=int, help="instead of 5")
    parser.add_argument("--scale", type=float, help="work in a measurement as a multiple of the usual")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--json", metavar="FILE", help="also write every single measurement to this file")
    parser.add_argument("--store", metavar="FILE", help="for the start-up times, instead of the shipped corpus's")
    parser.add_argument("--binaries", metavar="FOLDER", help="where the benchmarks and mixer are built already")
    options = parser.parse_args()
    options.rounds = options.rounds or (2 if options.quick else 5)
    options.scale = options.scale or (0.25 if options.quick else 1)

    bench = support.Bench(options)
    load = [round(load, 2) for load in os.getloadavg()]
    is_whole = True
    try:
        for name in options.only:
            began = time.monotonic()
            PARTS[name].measure(bench)
            support.log(f"{name}: {time.monotonic() - began:.0f} s\n")
    except KeyboardInterrupt:
        is_whole = False
    support.log("")

    about = {**support.machine(bench), "load": load}
    print(support.report(about, bench, is_whole))
    if options.json:
        with open(options.json, "w") as file:
            json.dump(support.document(about, bench), file, indent=2)
    if not is_whole:
        print("benchmark: interrupted; the table lacks what was not measured to the end", file=sys.stderr)
        sys.exit(130)


def chosen(text):
    names = text.split(",")
    for name in names:
        if name not in PARTS:
            raise argparse.ArgumentTypeError(f"there is no part {name}; there are {', '.join(PARTS)}")
    return names


if __name__ == "__main__":
    main()
