#!/usr/bin/env python3
"""Exact scan of COUNT x WIDTH vectors for the top 127 on one thread, ours and faiss's IndexFlatIP in turn.

    swift build -c release --package-path Benchmarks --product StoreBenchmark
    pip install faiss-cpu && python Benchmarks/store.py Benchmarks/.build/release/StoreBenchmark 20000 512

The binary alone also measures filling (`fill CORPUS.jsonl`) and full text (`search DATASET SPLIT`).
"""
import statistics, subprocess, sys, tempfile, time
import faiss, numpy
binary, count, width = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
faiss.omp_set_num_threads(1)
with tempfile.NamedTemporaryFile() as file:
    ours = subprocess.Popen([binary, "scan", str(count), str(width), file.name], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, text=True)
    assert ours.stdout.readline().strip() == "ready"
    vectors = numpy.fromfile(file.name, dtype=numpy.float32).reshape(count, width)
index = faiss.IndexFlatIP(width)
index.add(vectors)
times = {"ours": [], "faiss": []}
differences = 0
for turn in range(210):
    row = turn * 37 % count
    ours.stdin.write(f"{row}\n"); ours.stdin.flush()
    milliseconds, best = ours.stdout.readline().split()
    start = time.perf_counter()
    _, found = index.search(vectors[row:row + 1], 127)
    elapsed = (time.perf_counter() - start) * 1000
    differences += [int(i) for i in best.split(",")] != found[0].tolist()
    if turn >= 10: times["ours"].append(float(milliseconds)); times["faiss"].append(elapsed)
for name, values in times.items():
    values.sort()
    print(f"{name:6} median {statistics.median(values):.3f} ms, p10 {values[len(values)//10]:.3f}, p90 {values[len(values)*9//10]:.3f}")
print(f"ratio {statistics.median(times['ours']) / statistics.median(times['faiss']):.3f}; lists that differ: {differences} of 210")
