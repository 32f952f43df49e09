"""The scan of stored vectors, ours and faiss's in turn on the same vectors and queries.

The vectors are a mixture of Gaussians of unequal size, the best 127 by inner product are looked for, and recall is
against our exact search. int8 and bfloat16 are ours with exact scores for the best; faiss's are its IndexFlatIP and
IndexScalarQuantizer.
"""
import contextlib, os, statistics, subprocess, tempfile, time

import support
from support import Absent, Figure, Row, Side

COUNTS, WIDTH, BEST = (20_000, 100_000), 512, 127
PRECISIONS = ("float32", "int8", "bfloat16")
# Searches of one query in one measurement, the median of which is its figure; of a batch a tenth of that.
SEARCHES, BATCH = 20, 64


def measure(bench):
    binary = bench.binary("StoreBenchmark")
    try:
        import numpy  # noqa: F401
    except ImportError:
        bench.rows.append(Row("scan", "ms", Side("scan", None, absent="numpy is not installed")))
        return
    for count in COUNTS:
        support.log(f"scan: {count:,} vectors")
        vectors, queries = mixture(count, 1_000, WIDTH)
        with Scans(binary, vectors, queries) as ours:
            scans(bench, ours, vectors, queries)
            if count == COUNTS[-1]:
                bench.rows += memory(ours, count)


def scans(bench, ours, vectors, queries):
    try:
        faiss, peers = indexes(bench, vectors)
    except Absent as reason:
        faiss, peers, missing = None, {}, str(reason)
    rows = []
    settings = [(1, 1), (bench.threads, 1), (bench.threads, BATCH)] if bench.threads > 1 else [(1, 1), (1, BATCH)]
    for threads, size in settings:
        found = {}

        def our_search(precision, first, threads=threads, size=size):
            return ours.search(precision, "innerProduct", BEST, threads, 0, first, size)

        def their_search(precision, first, threads=threads, size=size):
            if not faiss:
                raise Absent(missing)
            faiss.omp_set_num_threads(threads)
            start = time.perf_counter()
            _, best = peers[precision][1].search(queries[first:first + size], BEST)
            return (time.perf_counter() - start) * 1000, best.tolist()

        for precision in PRECISIONS:
            def searches(search, side, precision=precision, size=size, found=found):
                def run(scale):
                    times = []
                    for turn in range(max(2, round((SEARCHES if size == 1 else SEARCHES / 10) * scale))):
                        first = turn * 37 % (len(queries) - size)
                        milliseconds, best = search(precision, first)
                        times.append(milliseconds)
                        found.setdefault((side, precision), {}).update(enumerate(best, first))
                    return Figure(statistics.median(times))
                return run

            what = f"scan of {len(vectors):,} × {WIDTH}, {precision}, {threads} thread{'s' * (threads > 1)}"
            what += f", {size} queries at once" if size > 1 else ""
            title = f"faiss {peers[precision][0]}" if faiss else "faiss"
            rows.append(Row(
                what, "ms", Side(what, searches(our_search, "ours")), Side(title, searches(their_search, "faiss")),
                is_rate=False, remark=lambda found=found, precision=precision: recalls(found, precision)))
    bench.in_turn(f"scan of {len(vectors):,}", rows)


def recalls(found, precision):
    true = found.get(("ours", "float32"), {})
    parts = [
        f"{side} {recall(found[side, precision], true):.4f}" for side in ("ours", "faiss")
        if found.get((side, precision)) and (side, precision) != ("ours", "float32")]
    return f"recall@{BEST} {', '.join(parts)}" if parts else ""


def recall(found, true):
    """Of the queries that both have searched."""
    both = found.keys() & true.keys()
    return sum(len({*found[query]} & {*true[query]}) for query in both) / max(1, sum(len(true[q]) for q in both))


def memory(ours, count):
    """A million vectors in each form; faiss's without what it takes beside the codes."""
    sizes = {"float32": 4, "bfloat16": 2, "int8": 1}
    for precision, _, used, _ in ours.loads:
        side = Side("", None, [Figure(int(used) / count)])
        codes = Side("faiss, its codes alone", None, [Figure(sizes[precision] * WIDTH)])
        yield Row(f"memory for a million vectors of {WIDTH}, {precision}", "MB", side, codes, is_rate=False)


def indexes(bench, vectors):
    """faiss, and by precision what it calls its index and the index."""
    try:
        import faiss
    except ImportError:
        raise Absent("faiss-cpu is not installed") from None
    bench.versions["faiss"] = faiss.__version__
    kinds = {"int8": faiss.ScalarQuantizer.QT_8bit, "bfloat16": faiss.ScalarQuantizer.QT_bf16}
    made = {"float32": ("IndexFlatIP", faiss.IndexFlatIP(WIDTH))}
    for name, kind in kinds.items():
        title = "QT_8bit" if name == "int8" else "QT_bf16"
        made[name] = (f"IndexScalarQuantizer {title}",
                      faiss.IndexScalarQuantizer(WIDTH, kind, faiss.METRIC_INNER_PRODUCT))
    for _, index in made.values():
        index.train(vectors[:20_000])
        index.add(vectors)
    return faiss, made


def mixture(count, queries, width, seed=1):
    """Clusters of unequal size, and features of unequal size: what embeddings look like."""
    import numpy
    random = numpy.random.default_rng(seed)
    clusters = max(count // 100, 10)
    centres = random.standard_normal((clusters, width), dtype=numpy.float32)
    features = numpy.exp(0.5 * random.standard_normal(width)).astype(numpy.float32)
    weights = random.pareto(2, clusters) + 1
    which = random.choice(clusters, count + queries, p=weights / weights.sum())
    points = (centres[which] + random.standard_normal((count + queries, width), dtype=numpy.float32)) * features
    return points[:count], points[count:]


class Scans:
    """Our side: one process that holds the vectors in every form and answers searches."""

    def __init__(self, binary, vectors, queries):
        self.binary, self.vectors, self.queries = os.path.abspath(binary), vectors, queries

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            files = [os.path.join(folder, name) for name in ("rows", "queries")]
            for file, values in zip(files, (self.vectors, self.queries)):
                values.tofile(file)
            self.process = stack.enter_context(subprocess.Popen(
                [self.binary, "scan", *files, str(self.vectors.shape[1])], text=True, cwd=folder,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE))
            stack.callback(self.process.kill)
            # Per form: its name, milliseconds of loading, bytes of memory, bytes of scratch file.
            self.loads = []
            while (line := self.answer().strip()) != "ready":
                self.loads.append(line.split())
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *failure):
        return self.stack.__exit__(*failure)

    def search(self, precision, metric, count, threads, rescored, first, queries):
        """Milliseconds, and the rows found for each query."""
        self.process.stdin.write(f"{precision} {metric} {count} {threads} {rescored} {first} {queries}\n")
        self.process.stdin.flush()
        milliseconds, _, found = self.answer().split()
        return float(milliseconds), [[int(row) for row in rows.split(",")] for rows in found.split(";")]

    def answer(self):
        if line := self.process.stdout.readline():
            return line
        raise Absent("the scanning process ended")
