"""Training steps, ours and PyTorch's in turn: one table.

    pip install torch safetensors sentencepiece
    python Benchmarks/training.py             # builds ours, takes about three minutes

Pretraining is causal language modelling on stories, 32 a step; PyTorch gets batches sorted by length and cropped to
the longest text, what a careful user would write. Retriever training is 32 contexts of 128 a step. Both are whole
steps: forward, backward, AdamW. Printed are medians over the rounds, their spread (lowest to highest), and:

  x PyTorch   ours / PyTorch float32 (ratios are taken within a round)
  peak        our useful work a second / the largest matrix product's, measured in the same round
  peak/core   the same over the seconds that cores were busy: what an undisturbed machine would show
  memory      the most memory that our process has held
"""
import argparse, json, os, platform, statistics, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
TEXTS = os.path.join(ROOT, "Corpus", "tinystories", "corpus.jsonl")
TOKENIZER = os.path.join(ROOT, "Models", "masked-mixer-256", "tokenizer.model")


def build():
    command = ["swift", "build", "-c", "release", "--package-path", HERE, "--product", "TrainingBenchmark"]
    subprocess.run(command, check=True, stdout=sys.stderr)
    place = subprocess.run(command[:6] + ["--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()
    return os.path.join(place, "TrainingBenchmark")


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

    def __call__(self, what, steps):
        arguments = argparse.Namespace(dim=256, depth=8, width=128, batch=32, steps=steps, dtype="float32", way="cropped",
                                       texts=TEXTS, tokenizer=TOKENIZER)
        result = getattr(self.reference, what)(arguments)
        return next(value for key, value in result.items() if key.endswith("_per_s"))


CASES = [("pretraining, D 256, 8 blocks", "pretrain", "tokens", dict(texts=TEXTS, tokenizer=TOKENIZER)),
         ("retriever, D 256, 8 blocks, C 128", "retrieve", "contexts", {})]


def middle(values, digits=1):
    """Median and spread."""
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=6, help="steps a measurement, after one that warms up")
    parser.add_argument("--binary", help="a TrainingBenchmark that is already built")
    parser.add_argument("--ours-only", action="store_true", help="leave PyTorch out")
    parser.add_argument("--json", help="also write every single measurement to this file")
    options = parser.parse_args()

    ours = Ours(options.binary or build(), options.threads)
    torch = None if options.ours_only else PyTorch(options.threads)
    measured = {what: {"ours": [], "torch": [], "peak": [], "core": [], "memory": []} for _, what, _, _ in CASES}
    peaks = []
    for number in range(options.rounds):
        for name, what, unit, extra in CASES:
            print(f"\rround {number + 1}/{options.rounds}: {name:40}", end="", file=sys.stderr, flush=True)
            peak = ours("peak")
            result = ours(what, steps=options.steps, **extra)
            peaks.append(peak["gflops"])
            measured[what]["ours"].append(result[f"{unit}_per_s"])
            measured[what]["peak"].append(100 * result["useful_gflops"] / peak["gflops"])
            measured[what]["core"].append(100 * result["useful_gflops_per_core"] / peak["gflops_per_core"])
            measured[what]["memory"].append(result["peak_memory_mib"])
            if torch:
                measured[what]["torch"].append(torch(what, options.steps))
                time.sleep(0.2)  # PyTorch's threads wait awake for a moment
    print("\r" + " " * 72 + "\r", end="", file=sys.stderr)

    print(f"{processor()}, {options.threads} threads; float32; {options.rounds} rounds of {options.steps} steps"
          + (f"; PyTorch {torch.version}" if torch else ""))
    print(f"largest matrix product: {middle(peaks)} GFLOP/s\n")
    print(f"{'':36}{'ours / s':>26}{'PyTorch / s':>26}{'x PyTorch':>20}{'peak %':>16}{'peak/core %':>16}{'memory MiB':>13}")
    for name, what, unit, _ in CASES:
        values = measured[what]
        ratios = [a / b for a, b in zip(values["ours"], values["torch"])]
        print(f"{name:36}{middle(values['ours']):>26}{middle(values['torch']) if torch else '':>26}"
              f"{middle(ratios, 2) if ratios else '':>20}{middle(values['peak'], 0):>16}{middle(values['core'], 0):>16}"
              f"{max(values['memory']):>13.0f}")
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"processor": processor(), "threads": options.threads, "peaks": peaks, "measured": measured}, file,
                      indent=2)


if __name__ == "__main__":
    main()
