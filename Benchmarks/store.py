#!/usr/bin/env python3
"""The scan of stored vectors, ours and faiss's in turn on the same vectors and queries, as one table.

    swift build -c release --package-path Benchmarks --product StoreBenchmark
    pip install numpy faiss-cpu && python Benchmarks/store.py

Rows are a mixture of Gaussians, or with --embeddings the `target` rows of a file that `mixer embed --dataset` wrote,
with its `query` rows as queries. Recall is against an exact search. The binary alone also measures filling
(`fill CORPUS.jsonl`) and full text (`search DATASET SPLIT`).
"""
import argparse, json, os, platform, statistics, subprocess, sys, tempfile, time
import faiss, numpy


def mixture(count, queries, width, seed=1):
    """Clusters of unequal size, and features of unequal size: what embeddings look like."""
    random = numpy.random.default_rng(seed)
    clusters = max(count // 100, 10)
    centres = random.standard_normal((clusters, width), dtype=numpy.float32)
    features = numpy.exp(0.5 * random.standard_normal(width)).astype(numpy.float32)
    weights = random.pareto(2, clusters) + 1
    which = random.choice(clusters, count + queries, p=weights / weights.sum())
    points = (centres[which] + random.standard_normal((count + queries, width), dtype=numpy.float32)) * features
    return points[:count], points[count:]


def embeddings(path):
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
        data = file.read()
    def tensor(name):
        start, end = header[name]["data_offsets"]
        return numpy.frombuffer(data[start:end], dtype=numpy.float32).reshape(header[name]["shape"])
    # Several queries may share a story.
    return numpy.unique(tensor("target"), axis=0), tensor("query")


class Ours:
    def __init__(self, binary, rows, queries, folder):
        files = [os.path.join(folder, name) for name in ("rows", "queries")]
        for file, values in zip(files, (rows, queries)):
            numpy.ascontiguousarray(values).tofile(file)
        self.process = subprocess.Popen([binary, "scan", *files, str(rows.shape[1])], text=True, cwd=folder,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.loads = []
        while (line := self.process.stdout.readline().strip()) != "ready":
            if not line:
                sys.exit("the benchmark ended")
            self.loads.append(line.split())

    def search(self, precision, metric, k, threads, rescored, first, count):
        self.process.stdin.write(f"{precision} {metric} {k} {threads} {rescored} {first} {count}\n")
        self.process.stdin.flush()
        milliseconds, processor, found = self.process.stdout.readline().split()
        rows = [[int(row) for row in found.split(",")] for found in found.split(";")]
        return (float(milliseconds), float(processor)), rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--binary", default=os.path.join(here, ".build/release/StoreBenchmark"))
    parser.add_argument("--counts", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--width", type=int, default=512)
    parser.add_argument("--embeddings", help="a safetensors file of pairs, instead of a mixture")
    parser.add_argument("--metric", choices=["innerProduct", "cosine"], default="innerProduct")
    parser.add_argument("-k", type=int, default=127)
    parser.add_argument("--turns", type=int, default=100)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--batch", type=int, default=64, help="queries at once")
    parser.add_argument("--recall-only", action="store_true", help="recall for several numbers of rescored rows")
    options = parser.parse_args()
    options.binary = os.path.abspath(options.binary)
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "")
    print(f"{model or platform.machine()}, {os.cpu_count()} cores, faiss {faiss.__version__} "
          f"({faiss.get_compile_options().strip()}), load at the start {os.getloadavg()[0]:.1f}, {options.metric}, "
          f"top {options.k}")
    for count in [0] if options.embeddings else options.counts:
        rows, queries = embeddings(options.embeddings) if options.embeddings else mixture(count, 1000, options.width)
        with tempfile.TemporaryDirectory() as folder:
            ours = Ours(options.binary, rows, queries, folder)
            (recalls if options.recall_only else table)(options, ours, rows, queries)


def recall(found, true): return sum(len(set(a) & set(b)) for a, b in zip(found, true)) / sum(map(len, true))


def normalized(options, values):
    if options.metric == "innerProduct": return values
    return values / numpy.maximum(numpy.linalg.norm(values, axis=1, keepdims=True), 1e-30)


def recalls(options, ours, rows, queries):
    print(f"\n{len(rows):,} x {rows.shape[1]}: recall@{options.k} by the number of rows scored again")
    number = min(300, len(queries))
    true = [ours.search("float32", options.metric, options.k, options.threads, 0, q, 1)[1][0] for q in range(number)]
    for precision in ("bfloat16", "int8"):
        for rescored in (options.k, options.k * 5 // 4, options.k * 3 // 2, options.k * 2, 0):
            found = [ours.search(precision, options.metric, options.k, options.threads, rescored, q, 1)[1][0]
                     for q in range(number)]
            print(f"  {precision:9} {rescored or 'default':>7}  {recall(found, true):.5f}"
                  f"  lowest {min(recall([a], [b]) for a, b in zip(found, true)):.3f}")


def table(options, ours, rows, queries):
    width, k, batch = rows.shape[1], options.k, options.batch
    rows, queries = normalized(options, rows), normalized(options, queries)
    kinds = {"float32": None, "bfloat16": faiss.ScalarQuantizer.QT_bf16, "int8": faiss.ScalarQuantizer.QT_8bit}
    indexes = {}
    for name, kind in kinds.items():
        index = faiss.IndexFlatIP(width) if kind is None else faiss.IndexScalarQuantizer(
            width, kind, faiss.METRIC_INNER_PRODUCT)
        index.train(rows[:20_000])
        index.add(rows)
        indexes[name] = index
    print(f"\n{len(rows):,} x {width}")
    for precision, milliseconds, memory, scratch in ours.loads:
        print(f"  {precision:9} loads in {float(milliseconds):.0f} ms; a million vectors: "
              f"{int(memory) / len(rows):,.0f} MB of memory, {int(scratch) / len(rows):,.0f} of scratch file")
    print("  ms a search: median (p10 - p90), median of processor time, [recall]; ratio of medians (of processor time)")
    for threads in sorted({1, options.threads}):
        faiss.omp_set_num_threads(threads)
        for size in (1, batch):
            turns = options.turns if size == 1 else max(options.turns // 10, 5)
            times = {(side, name): [] for name in kinds for side in ("ours", "faiss")}
            found = {key: [] for key in times}
            for turn in range(turns + 3):
                first = turn * 7 % (len(queries) - size)
                for name in kinds:
                    elapsed, best = ours.search(name, options.metric, k, threads, 0, first, size)
                    start = time.perf_counter(), time.process_time()
                    _, theirs = indexes[name].search(queries[first:first + size], k)
                    other = (time.perf_counter() - start[0]) * 1000, (time.process_time() - start[1]) * 1000
                    if turn < 3: continue
                    times["ours", name].append(elapsed); times["faiss", name].append(other)
                    found["ours", name] += best; found["faiss", name] += theirs.tolist()
            true = found["ours", "float32"]
            for name in kinds:
                middle = {}
                def cell(side):
                    values = sorted(wall for wall, _ in times[side, name])
                    middle[side] = statistics.median(values), statistics.median(cpu for _, cpu in times[side, name])
                    spread = f"({values[len(values) // 10]:.2f} - {values[len(values) * 9 // 10]:.2f})"
                    return (f"{side} {middle[side][0]:7.2f} {spread:17} {middle[side][1]:7.2f} "
                            f"[{recall(found[side, name], true):.4f}]")
                cells = f"{cell('ours')}  {cell('faiss')}"
                ratios = [middle["ours"][part] / middle["faiss"][part] for part in (0, 1)]
                print(f"  {threads} thread{'s' if threads > 1 else ' '} {size:3} quer{'y  ' if size == 1 else 'ies'} "
                      f"{name:8}  {cells}  ratio {ratios[0]:.2f} ({ratios[1]:.2f})")
    print(f"  load at the end {os.getloadavg()[0]:.1f}")


main()
