"""Embedding and scoring, ours and PyTorch's in turn on the same texts: one table.

    pip install torch safetensors sentencepiece
    python Benchmarks/embedding.py            # builds ours, then takes about three minutes

Every round runs each measurement once, ours and PyTorch's next to each other, so that what else the machine does
meanwhile falls on both. Printed are medians over the rounds, their spread (lowest to highest), and:

  x window    ours / PyTorch on whole windows, the published way (ratios are taken within a round)
  x cropped   ours / PyTorch on batches sorted by length and cropped to the longest text
  x bf16 …    the same with PyTorch in bfloat16; with --precision bfloat16 or auto
  peak        our useful work (UsefulWork.swift) a second / the largest matrix product's, measured in the same round
  peak/core   the same over the seconds that cores were busy: what an undisturbed machine would show

`--precision` is ours; the ratios without "bf16" are always to PyTorch in float32. Embedding includes reading and
tokenizing the texts. PyTorch reads a whole window whatever the text, so it is given fewer texts there.
"""
import argparse, json, os, platform, statistics, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
EMBEDDER = os.path.join(ROOT, "Models", "story-embedder-256")
CORPUS = os.path.join(ROOT, "Corpus", "tinystories")


def build():
    command = ["swift", "build", "-c", "release", "--package-path", HERE, "--product", "InferenceBenchmark"]
    subprocess.run(command, check=True, stdout=sys.stderr)
    place = subprocess.run(command[:6] + ["--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()
    return os.path.join(place, "InferenceBenchmark")


def processor():
    try:
        with open("/proc/cpuinfo") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


class Ours:
    def __init__(self, binary, threads, precision):
        self.binary, self.threads, self.precision = binary, threads, precision

    def __call__(self, command, **options):
        words = [self.binary, command, "--threads", str(self.threads)]
        if command != "checkpoint":
            words += ["--precision", self.precision]
        for name, value in options.items():
            words += [f"--{name}", str(value)]
        return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


class PyTorch:
    """reference.py's measurements in this process: importing torch again each time would take longer than they do."""

    def __init__(self, threads):
        sys.path.insert(0, HERE)
        import torch, reference
        torch.set_num_threads(threads)
        self.reference, self.version = reference, torch.__version__

    def embed(self, model, texts, limit, way, dtype):
        arguments = argparse.Namespace(model=model, texts=texts, limit=limit, way=way, dtype=dtype)
        return self.reference.embed(arguments)["texts_per_s"]

    def score(self, dim, depth, width, contexts, dtype):
        batch = min(32, contexts)
        arguments = argparse.Namespace(
            dim=dim, depth=depth, width=width, batch=batch, steps=max(1, contexts // batch), dtype=dtype)
        return self.reference.score(arguments)["contexts_per_s"]


# (way, dtype): the column's title. PyTorch's ways, bfloat16 only beside ours.
WAYS = {("window", "float32"): "x window", ("cropped", "float32"): "x cropped",
        ("window", "bfloat16"): "x bf16 window", ("cropped", "bfloat16"): "x bf16 cropped"}


def cases(random_model, scale, is_rounded):
    """(name, ours(), {way: PyTorch's()}, {way: aim for the ratio})"""
    dtypes = ["float32", "bfloat16"] if is_rounded else ["float32"]
    stories, summaries = os.path.join(CORPUS, "corpus.jsonl"), os.path.join(CORPUS, "queries.jsonl")

    def aims(float32, rounded, beside_rounded):
        """Ours in float32 to PyTorch's, ours in bfloat16 to PyTorch's float32 and to its bfloat16."""
        aims = {("window", "float32"): rounded if is_rounded else float32}
        return {**aims, ("window", "bfloat16"): beside_rounded} if is_rounded else aims

    def embedding(name, model, texts, limit, window_limit, aims):
        def torch_run(way, dtype):
            count = max(4, int(window_limit * scale)) if way == "window" else max(2, int(limit * scale))
            return lambda torch: torch.embed(model, texts, count, way, dtype)
        return (name, lambda ours: ours("embed", model=model, texts=texts, limit=max(2, int(limit * scale))),
                {(way, dtype): torch_run(way, dtype) for dtype in dtypes for way in ("window", "cropped")}, aims)

    def scoring(name, dim, depth, contexts, aims):
        def torch_run(dtype):
            return lambda torch: torch.score(dim, depth, 128, contexts, dtype)
        contexts = max(2, int(contexts * scale))
        return (name, lambda ours: ours("score", dim=dim, depth=depth, width=128, contexts=contexts),
                {("window", dtype): torch_run(dtype) for dtype in dtypes}, aims)

    return [
        embedding("stories, D 512, 8 blocks", random_model, stories, 64, 32, aims(3.7, 7, 2.7)),
        embedding("summaries, D 512, 8 blocks", random_model, summaries, 384, 32, aims(28, 50, None)),
        scoring("contexts of 128, D 512, 8 blocks", 512, 8, 96, aims(1.05, 1.9, 1)),
        embedding("stories, story-embedder-256", EMBEDDER, stories, 128, 48, {}),
        embedding("summaries, story-embedder-256", EMBEDDER, summaries, 768, 48, {}),
        scoring("contexts of 128, D 256, 4 blocks", 256, 4, 256, {}),
    ]


def middle(values, digits=1):
    """Median and spread."""
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--precision", choices=["float32", "bfloat16", "auto"], default="float32")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0, help="texts and contexts as a multiple of the usual number")
    parser.add_argument("--binary", help="an InferenceBenchmark that is already built")
    parser.add_argument("--ours-only", action="store_true", help="leave PyTorch out")
    parser.add_argument("--json", help="also write every single measurement to this file")
    options = parser.parse_args()

    ours = Ours(options.binary or build(), options.threads, options.precision)
    is_rounded = options.precision != "float32"
    torch = None if options.ours_only else PyTorch(options.threads)
    random_model = os.path.join(HERE, ".build", "random-512")
    if not os.path.exists(os.path.join(random_model, "model.safetensors")):
        ours("checkpoint", dim=512, depth=8, tokenizer=os.path.join(EMBEDDER, "tokenizer.model"), output=random_model)

    every_case = cases("", 1, is_rounded)
    measured = {case[0]: {"ours": [], "peak": [], "core": [], **{way: [] for way in case[2]}} for case in every_case}
    peaks = []
    for number in range(options.rounds + 1):
        # Round 0 warms up everything, with little.
        scale = options.scale if number else 0.125 * options.scale
        for name, run_ours, run_torch, _ in cases(random_model, scale, is_rounded):
            print(f"\rround {number}/{options.rounds}: {name:40}", end="", file=sys.stderr, flush=True)
            peak = ours("peak")
            result = run_ours(ours)
            if number:
                peaks.append(peak["gflops"])
                rate = next(value for key, value in result.items() if key.endswith("_per_s"))
                measured[name]["ours"].append(rate)
                measured[name]["peak"].append(100 * result["useful_gflops"] / peak["gflops"])
                measured[name]["core"].append(100 * result["useful_gflops_per_core"] / peak["gflops_per_core"])
            if torch:
                for way, run in run_torch.items():
                    rate = run(torch)
                    if number:
                        measured[name][way].append(rate)
                    time.sleep(0.2)  # PyTorch's threads wait awake for a moment
    print("\r" + " " * 72 + "\r", end="", file=sys.stderr)

    print(f"{processor()}, {options.threads} threads; {options.precision}; {options.rounds} rounds"
          + (f"; PyTorch {torch.version}" if torch else ""))
    print(f"largest matrix product: {middle(peaks)} GFLOP/s\n")
    ways = [way for way in WAYS if any(way in case[2] for case in every_case)]
    print(f"{'':34}{'ours / s':>24}" + "".join(f"{WAYS[way]:>22}{'aim':>6}" for way in ways)
          + f"{'peak %':>16}{'peak/core %':>16}")
    for name, _, run_torch, aims in every_case:
        values, line = measured[name], f"{name:34}"
        line += f"{middle(values['ours']):>24}"
        for way in ways:
            ratios = [a / b for a, b in zip(values["ours"], values.get(way, []))]
            line += f"{middle(ratios, 2) if ratios else '':>22}{aims.get(way) or '':>6}"
        print(line + f"{middle(values['peak'], 0):>16}{middle(values['core'], 0):>16}")

    story = "A little girl finds a lost dog in the park and learns that being kind to others makes new friends."
    latency = ours("latency", model=EMBEDDER, text=story)
    load = ours("load", model=EMBEDDER)
    print(f"\none summary of {latency['tokens']:.0f} tokens, story-embedder-256, one thread: median "
          f"{latency['median_ms']:.2f} ms, p99 {latency['p99_ms']:.2f} ms")
    print(f"loading story-embedder-256: median {load['total_ms']:.0f} ms (model {load['model_ms']:.0f}, "
          f"fingerprint {load['fingerprint_ms']:.0f}, tokenizer {load['tokenizer_ms']:.1f}); "
          f"best {load['total_best_ms']:.0f} ms")
    if options.json:
        with open(options.json, "w") as file:
            named = {name: {" ".join(key) if isinstance(key, tuple) else key: rates for key, rates in values.items()}
                     for name, values in measured.items()}
            json.dump({"processor": processor(), "threads": options.threads, "precision": options.precision,
                       "peaks": peaks, "measured": named, "latency": latency, "load": load}, file, indent=2)


if __name__ == "__main__":
    main()
