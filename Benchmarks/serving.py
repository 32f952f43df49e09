#!/usr/bin/env python3
"""Load for a running `mixer serve`: how long warm requests take, and how many are answered a second.

Needs Python only. Start the server on another terminal (release build), then for each mode one row is printed:

    mixer serve --store stories.sqlite --port 8080 --log-level warning
    Benchmarks/serving.py --queries Corpus/tinystories/queries.jsonl

Connections are kept alive; each client sends its next request when its last is answered, so with one client the
figures are latencies of an idle server, with many they show batching and queueing. `--path /v1/embeddings` and
`--path /rerank` load the other routes with the same queries.
"""

import argparse
import http.client
import json
import sys
import threading
import time


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--path", default="/search", choices=["/search", "/v1/embeddings", "/rerank"])
    parser.add_argument("--queries", required=True, metavar="FILE.jsonl", help='lines with "text"')
    parser.add_argument("--modes", default="auto,bm25,cosine,hybrid,two-stage,tournament", help="for /search")
    parser.add_argument("--clients", default="1,16", help="numbers of clients at once")
    parser.add_argument("--seconds", type=float, default=5, help="for each row")
    parser.add_argument("--warmup", type=float, default=1, help="seconds before, not counted")
    parser.add_argument("-k", type=int, default=10)
    parser.add_argument("--texts", type=int, default=32, help="texts of one /v1/embeddings or /rerank request")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")
    options = parser.parse_args()

    with open(options.queries, encoding="utf-8") as file:
        queries = [json.loads(line)["text"] for line in file if line.strip()]
    modes = options.modes.split(",") if options.path == "/search" else [options.path]
    rows = []
    if not options.json:
        print(f"{'mode':<16}{'clients':>8}{'requests':>10}{'per s':>9}{'p50 ms':>9}{'p90 ms':>9}{'p99 ms':>9}{'max ms':>9}  not 200")
    for mode in modes:
        for clients in map(int, options.clients.split(",")):
            row = measure(options, mode, queries, clients)
            rows.append(row)
            if not options.json:
                print(
                    f"{mode:<16}{clients:>8}{row['requests']:>10}{row['per_second']:>9.1f}{row['p50_ms']:>9.2f}"
                    f"{row['p90_ms']:>9.2f}{row['p99_ms']:>9.2f}{row['max_ms']:>9.2f}  {row['other_statuses'] or '-'}",
                    flush=True)
    if options.json:
        json.dump(rows, sys.stdout, indent=2)
        print()


def body(options, mode, queries, number):
    query = queries[number % len(queries)]
    if options.path == "/search":
        return {"query": query, "k": options.k, "mode": mode}
    texts = [queries[(number + offset) % len(queries)] for offset in range(1, options.texts + 1)]
    return {"input": texts, "encoding_format": "base64"} if options.path == "/v1/embeddings" else {"query": query, "texts": texts}


def measure(options, mode, queries, clients):
    """One row: closed-loop load by `clients` threads."""
    times, statuses, lock = [], {}, threading.Lock()
    start = time.perf_counter() + options.warmup
    end = start + options.seconds

    def client(number):
        connection = http.client.HTTPConnection(options.host, options.port, timeout=120)
        own, others = [], {}
        position = number * 1009
        while time.perf_counter() < end:
            payload = json.dumps(body(options, mode, queries, position))
            position += 1
            began = time.perf_counter()
            connection.request("POST", options.path, payload, {"Content-Type": "application/json"})
            response = connection.getresponse()
            response.read()
            finished = time.perf_counter()
            if began >= start:
                if response.status == 200:
                    own.append((finished - began) * 1000)
                else:
                    others[response.status] = others.get(response.status, 0) + 1
        with lock:
            times.extend(own)
            for status, count in others.items():
                statuses[status] = statuses.get(status, 0) + count

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()

    def at(share):
        return times[min(len(times) - 1, int(share * len(times)))] if times else float("nan")

    return {
        "mode": mode, "clients": clients, "requests": len(times), "per_second": len(times) / options.seconds,
        "p50_ms": at(0.5), "p90_ms": at(0.9), "p99_ms": at(0.99), "max_ms": at(1), "other_statuses": statuses,
    }


if __name__ == "__main__":
    main()
