"""Embedding and scoring, ours and PyTorch's in turn on the same texts: one table.

    pip install torch safetensors sentencepiece
    python Benchmarks/embedding.py            # builds ours, then takes about three minutes

Every round runs each measurement once, ours and PyTorch's next to each other, so that what else the machine does
meanwhile falls on both. Printed are medians over the rounds, their spread (lowest to highest), and:

  x window    ours / PyTorch on whole windows, the published way (ratios are taken within a round)
  x cropped   ours / PyTorch on batches sorted by length and cropped to the longest text
  peak        our useful work (UsefulWork.swift) a second / the largest matrix product's, measured in the same round
  peak/core   the same over the seconds that cores were busy: what an undisturbed machine would show

Embedding includes reading and tokenizing the texts. PyTorch reads a whole window whatever the text, so it is given
fewer texts there.
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
    def __init__(self, binary, threads):
        self.binary, self.threads = binary, threads

    def __call__(self, command, **options):
        words = [self.binary, command, "--threads", str(self.threads)]
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

    def embed(self, model, texts, limit, way):
        arguments = argparse.Namespace(model=model, texts=texts, limit=limit, way=way, dtype="float32")
        return self.reference.embed(arguments)["texts_per_s"]

    def score(self, dim, depth, width, contexts):
        batch = min(32, contexts)
        arguments = argparse.Namespace(
            dim=dim, depth=depth, width=width, batch=batch, steps=max(1, contexts // batch), dtype="float32")
        return self.reference.score(arguments)["contexts_per_s"]


def cases(random_model, scale):
    """(name, unit, ours(), {way: PyTorch's()}, aim for the ratio to whole windows)"""
    stories, summaries = os.path.join(CORPUS, "corpus.jsonl"), os.path.join(CORPUS, "queries.jsonl")

    def embedding(name, model, texts, limit, window_limit, aim):
        return (name, "texts",
                lambda ours: ours("embed", model=model, texts=texts, limit=int(limit * scale)),
                {"window": lambda torch: torch.embed(model, texts, max(4, int(window_limit * scale)), "window"),
                 "cropped": lambda torch: torch.embed(model, texts, int(limit * scale), "cropped")}, aim)

    def scoring(name, dim, depth, contexts, aim):
        return (name, "contexts",
                lambda ours: ours("score", dim=dim, depth=depth, width=128, contexts=int(contexts * scale)),
                {"window": lambda torch: torch.score(dim, depth, 128, int(contexts * scale))}, aim)

    return [
        embedding("stories, D 512, 8 blocks", random_model, stories, 64, 32, 3.7),
        embedding("summaries, D 512, 8 blocks", random_model, summaries, 384, 32, 28),
        scoring("contexts of 128, D 512, 8 blocks", 512, 8, 96, 1.05),
        embedding("stories, story-embedder-256", EMBEDDER, stories, 128, 48, None),
        embedding("summaries, story-embedder-256", EMBEDDER, summaries, 768, 48, None),
        scoring("contexts of 128, D 256, 4 blocks", 256, 4, 256, None),
    ]


def middle(values, digits=1):
    """Median and spread."""
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0, help="texts and contexts as a multiple of the usual number")
    parser.add_argument("--binary", help="an InferenceBenchmark that is already built")
    parser.add_argument("--ours-only", action="store_true", help="leave PyTorch out")
    parser.add_argument("--json", help="also write every single measurement to this file")
    options = parser.parse_args()

    ours = Ours(options.binary or build(), options.threads)
    torch = None if options.ours_only else PyTorch(options.threads)
    random_model = os.path.join(HERE, ".build", "random-512")
    if not os.path.exists(os.path.join(random_model, "model.safetensors")):
        ours("checkpoint", dim=512, depth=8, tokenizer=os.path.join(EMBEDDER, "tokenizer.model"), output=random_model)

    measured = {case[0]: {"ours": [], "peak": [], "core": [], "window": [], "cropped": []} for case in cases("", 1)}
    peaks = []
    for number in range(options.rounds + 1):
        # Round 0 warms up everything, with little.
        scale = options.scale if number else 0.125 * options.scale
        for name, _, run_ours, run_torch, _ in cases(random_model, scale):
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

    print(f"{processor()}, {options.threads} threads; float32; {options.rounds} rounds"
          + (f"; PyTorch {torch.version}" if torch else ""))
    print(f"largest matrix product: {middle(peaks)} GFLOP/s\n")
    print(f"{'':34}{'ours / s':>24}{'x window':>22}{'aim':>7}{'x cropped':>20}{'peak %':>18}{'peak/core %':>18}")
    for name, unit, _, _, aim in cases("", 1):
        values = measured[name]
        ratios = {way: [a / b for a, b in zip(values["ours"], values[way])] for way in ("window", "cropped")}
        shown = {way: middle(ratio, 2) if ratio else "" for way, ratio in ratios.items()}
        print(f"{name:34}{middle(values['ours']):>24}{shown['window']:>22}{aim or '':>7}{shown['cropped']:>20}"
              f"{middle(values['peak'], 0):>18}{middle(values['core'], 0):>18}")

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
            json.dump({"processor": processor(), "threads": options.threads, "peaks": peaks, "measured": measured,
                       "latency": latency, "load": load}, file, indent=2)


if __name__ == "__main__":
    main()
