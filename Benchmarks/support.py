"""What the benchmarks share: building and running ours, sides in turn, medians and spread, the machine, the table."""
import contextlib, datetime, json, math, os, platform, statistics, subprocess, sys
from dataclasses import dataclass, field

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
# Beside the build products: what the benchmarks make once and keep.
KEPT = os.path.join(HERE, ".build")
CORPUS = os.path.join(ROOT, "Corpus", "tinystories")
STORIES, SUMMARIES = os.path.join(CORPUS, "corpus.jsonl"), os.path.join(CORPUS, "queries.jsonl")
EMBEDDER = os.path.join(ROOT, "Models", "story-embedder-256")
TOKENIZER = os.path.join(EMBEDDER, "tokenizer.model")


class Absent(Exception):
    """A side that cannot run here, and why."""


# Building and running ours.

def build(package, product):
    """The path of a release binary, built if need be."""
    command = ["swift", "build", "-c", "release", "--package-path", package]
    if subprocess.run([*command, "--product", product], stdout=sys.stderr).returncode:
        sys.exit(f"benchmark: {product} does not build")
    place = subprocess.run([*command, "--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()
    return os.path.join(place, product)


def run(words):
    """What a program prints; absent with its own last line of explanation where it fails."""
    result = subprocess.run(words, capture_output=True, text=True)
    if result.returncode:
        explanation = result.stderr.strip().splitlines() or [f"ended with {result.returncode}"]
        raise Absent(explanation[-1].removeprefix("error: "))
    return result.stdout


def ours(binary, command, **options):
    """One measurement of one of our benchmark binaries."""
    words = [binary, command]
    for name, value in options.items():
        words += [f"--{name.replace('_', '-')}", str(value)]
    return json.loads(run(words))


# Sides, in turn.

@dataclass
class Figure:
    """One measurement: a rate or a time, its share of the machine's peak, and the memory it took in MiB."""
    value: float
    share: float | None = None
    memory: float | None = None


@dataclass
class Side:
    """Ours or a peer's: `measure(scale)` gives a figure for that multiple of the usual amount of work."""
    name: str
    measure: object
    figures: list = field(default_factory=list)
    absent: str = ""

    def take(self, scale, counts):
        if self.absent:
            return
        try:
            figure = self.measure(scale)
        except Absent as reason:
            self.absent = str(reason)
        else:
            if counts:
                self.figures.append(figure)

    @property
    def values(self):
        return [figure.value for figure in self.figures]


@dataclass
class Row:
    """One line of the table: ours beside at most one peer."""
    what: str
    unit: str
    ours: Side
    peer: Side | None = None
    remark: object = ""
    is_rate: bool = True

    @property
    def ratios(self):
        """How many times as good as the peer, within each round."""
        pairs = zip(self.ours.values, self.peer.values) if self.peer else []
        return [ours / peer if self.is_rate else peer / ours for ours, peer in pairs]


class Bench:
    """How much to measure, with what, and the log of it."""

    def __init__(self, options):
        self.rounds, self.scale, self.threads = options.rounds, options.scale, options.threads
        self.options = options
        self.versions, self.peaks, self.rows = {}, {}, []

    def binary(self, name):
        """A binary of this package, or `mixer`."""
        if self.options.binaries:
            return os.path.join(self.options.binaries, name)
        return build(ROOT if name == "mixer" else HERE, name)

    def in_turn(self, part, rows, before_round=lambda: None):
        """Every round takes each row's sides once, one after the other, so that what else the machine does meanwhile
        falls on all of them; every second round in the opposite order. Round 0 warms up, with little."""
        self.rows += rows
        sides = list({id(side): side for row in rows for side in (row.ours, row.peer) if side}.values())
        for number in range(self.rounds + 1):
            before_round()
            scale = self.scale if number else 0.125 * self.scale
            for side in sides if number % 2 else reversed(sides):
                log(f"{part}, round {number} of {self.rounds}: {side.name}")
                side.take(scale, counts=number > 0)

    def measure_peak(self, binary, precision):
        """The machine's largest matrix product now, in GFLOP/s: what useful work is compared with."""
        with contextlib.suppress(Absent):
            gflops = ours(binary, "peak", threads=self.threads, precision=precision)["gflops"]
            self.peaks.setdefault(precision, []).append(gflops)

    def figure(self, result, precision):
        """A benchmark binary's result, beside the last peak."""
        rate = next(value for key, value in result.items() if key.endswith("_per_s"))
        return Figure(rate, result["useful_gflops"] / self.peaks[precision][-1], result.get("peak_memory_mib"))


def log(line):
    """The one line that says what happens now."""
    if sys.stderr.isatty():
        print(f"\r\033[K{line[:110]}", end="", file=sys.stderr, flush=True)
    elif line:
        print(line, file=sys.stderr, flush=True)


def pytorch(bench):
    """The PyTorch yardstick in this process: importing it each time would take longer than the measurements do."""
    try:
        import safetensors, sentencepiece, torch, reference
    except ImportError as reason:
        raise Absent(f"{reason.name} is not installed") from None
    torch.set_num_threads(bench.threads)
    bench.versions["PyTorch"] = torch.__version__
    return reference


# The machine.

def machine(bench):
    """Processor, cores, memory, date, versions, load: what a figure is worth nothing without."""
    name = next(iter(lines_of("/proc/cpuinfo", "model name")), platform.processor() or platform.machine())
    kilobytes = next(iter(lines_of("/proc/meminfo", "MemTotal")), "0 kB").split()[0]
    return {
        "processor": name, "cores": os.cpu_count(), "memory_gib": round(int(kilobytes) / 2**20, 1),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "system": f"{platform.system()} {platform.release()}", "threads": bench.threads, "rounds": bench.rounds,
        "scale": bench.scale, "versions": {"mixer": commit(), "Swift": swift(), **bench.versions},
        "load": [round(load, 2) for load in os.getloadavg()],
    }


def lines_of(path, name):
    with contextlib.suppress(OSError), open(path) as lines:
        return [line.split(":", 1)[1].strip() for line in lines if line.startswith(name)]
    return []


def commit():
    """The sources' version; a plus where they were changed since."""
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        words = ["git", "-C", ROOT, "describe", "--always", "--dirty=+", "--exclude=*"]
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
    return "unknown"


def swift():
    with contextlib.suppress(OSError, IndexError, subprocess.CalledProcessError):
        words = subprocess.run(["swift", "--version"], check=True, capture_output=True, text=True).stdout.split()
        return words[words.index("version") + 1]
    return "unknown"


# The table.

def number(value):
    """Three digits."""
    digits = 2 - math.floor(math.log10(abs(value))) if value else 0
    return f"{value:,.{max(0, digits)}f}"


def middle(values, unit=""):
    """Median and spread."""
    spread = f" [{number(min(values))}–{number(max(values))}]" if len(values) > 1 else ""
    return f"{number(statistics.median(values))}{unit and ' ' + unit}{spread}"


def cells(row):
    def side(side):
        if side is None:
            return ""
        return middle(side.values) if side.figures else side.absent or "not measured"
    shares = [figure.share for figure in row.ours.figures if figure.share is not None]
    memory = [figure.memory for figure in row.ours.figures if figure.memory is not None]
    remarks = [row.remark() if callable(row.remark) else row.remark]
    remarks += [f"{max(memory):,.0f} MiB of memory"] if memory else []
    return [
        row.what, row.unit, side(row.ours), row.peer.name if row.peer else "", side(row.peer),
        middle(row.ratios) if row.ratios else "", f"{100 * statistics.median(shares):.0f} %" if shares else "",
        "; ".join(filter(None, remarks)),
    ]


HEADS = ["what", "unit", "ours", "peer", "the peer's", "times as good", "of the peak", "remarks"]


def report(about, bench, is_whole):
    """The Markdown that goes into a README."""
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    lines = [
        f"{about['processor']}, {about['cores']} cores, {about['memory_gib']} GiB, {about['system']}; {about['date']}; "
        f"{versions}; {about['threads']} threads where no number is given; load average {about['load'][0]} at the "
        f"start, {round(os.getloadavg()[0], 2)} at the end.",
        f"Medians [lowest–highest] of {about['rounds']} rounds"
        + (f" at {about['scale']} of the usual work" if about["scale"] != 1 else "") + ", all sides in turn."
        + ("" if is_whole else " Interrupted: not all rounds were measured.")
        + "".join(f" Largest matrix product in {name}: {middle(values)} GFLOP/s." for name, values in bench.peaks.items()),
        "", "| " + " | ".join(HEADS) + " |", "|" + "---|" * len(HEADS),
    ]
    lines += ["| " + " | ".join(cells(row)) + " |" for row in bench.rows if row.ours.figures or row.ours.absent]
    return "\n".join(lines)


def document(about, bench):
    """Every single measurement, for --json."""
    def values(side):
        return side and {"name": side.name, "values": side.values, "absent": side.absent or None}
    return {
        "machine": about, "peaks_gflops": bench.peaks,
        "rows": [{
            "what": row.what, "unit": row.unit, "ours": values(row.ours), "peer": values(row.peer),
            "ratios": row.ratios, "shares": [figure.share for figure in row.ours.figures],
            "remark": row.remark() if callable(row.remark) else row.remark,
        } for row in bench.rows],
    }
