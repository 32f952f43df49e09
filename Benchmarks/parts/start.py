"""From nothing to an answer: `mixer query` as a whole process in each mode, loading the model, one summary alone."""
import os, statistics, subprocess, time

import support
from support import CORPUS, EMBEDDER, Absent, Figure, Row, Side

MODES = ("auto", "bm25", "cosine", "two-stage", "tournament")
SUMMARY = "A little girl finds a lost dog in the park and learns that being kind to others makes new friends."
# Processes in one measurement, the median of which is its figure.
PROCESSES = 3


def measure(bench):
    mixer, binary = bench.binary("mixer"), bench.binary("InferenceBenchmark")
    os.environ["MIXER_MODELS"] = os.path.dirname(EMBEDDER)
    store = bench.options.store or kept_store(mixer)

    def whole(mode):
        words = [mixer, "query", "--store", store, "--mode", mode, SUMMARY]

        def run(scale):
            times = []
            for _ in range(max(1, round(PROCESSES * scale))):
                start = time.perf_counter()
                support.run(words)
                times.append((time.perf_counter() - start) * 1000)
            return Figure(statistics.median(times))
        return run

    def single(command, name, **options):
        return lambda _: Figure(support.ours(binary, command, model=EMBEDDER, precision="auto", **options)[name])

    measurements = {
        **{f"`mixer query`, start to end, {mode}": whole(mode) for mode in MODES},
        "loading the shipped embedder, its fingerprint included": single("load", "total_ms"),
        "one summary, the shipped embedder, 1 thread": single("latency", "median_ms", text=SUMMARY),
    }
    bench.in_turn("start", [
        Row(what, "ms", Side(what, run), is_rate=False) for what, run in measurements.items()])


def kept_store(mixer):
    """The shipped corpus, indexed the first time and brought up to date after that; anew where it no longer fits."""
    store = os.path.join(support.KEPT, "tinystories.sqlite")
    words = [mixer, "index", "--corpus", CORPUS, "--store", store]
    support.log(f"start: {' '.join(['mixer', *words[1:]])}")
    if subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
        return store
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(store + suffix):
            os.remove(store + suffix)
    try:
        support.run(words)
    except Absent as reason:
        raise SystemExit(f"benchmark: the store for the start-up times cannot be made: {reason}") from None
    return store
