"""The PyTorch yardstick: the same models and work as ours, for side-by-side ratios.

    pip install torch safetensors sentencepiece
    python reference.py embed     --model DIR --texts FILE.jsonl [--limit 256] [--way window|cropped] [--dtype float32|bfloat16] [--threads 2]
    python reference.py score     --dim 512 --depth 8 --width 128 [--dtype …] [--threads 2]
    python reference.py pretrain  --dim 256 --depth 8 --texts FILE.jsonl --tokenizer tokenizer.model [--steps 8] [--dtype …]
    python reference.py retrieve  --dim 256 --depth 8 --width 128 [--batch 32] [--steps 8] [--dtype …]      (retriever training)

"window" is the published way: every text left-padded to the whole context. "cropped" is what a careful PyTorch
user would write for padding "none": batches sorted by length, cropped to the longest text. Texts: a JSONL file with
a "text" field. Prints one JSON line; run it in turn with ours, not at the same time.
"""
import argparse, json, time
import torch, torch.nn as nn, torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, dim, length, causal):
        super().__init__()
        self.patch_layernorm, self.seq_layernorm = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.patch_ff = nn.Sequential(nn.Linear(dim, 4 * dim), nn.GELU(), nn.Linear(4 * dim, dim))
        self.conv = nn.Conv1d(length, length, 1)
        self.causal = causal

    def forward(self, x, real=None):
        n = x.shape[1]
        weight, bias = self.conv.weight[-n:, -n:, 0], self.conv.bias[-n:]
        if self.causal:
            weight = torch.tril(weight)
        y = self.seq_layernorm(x)
        if real is not None:
            y = y * real[..., None]
        x = x + torch.matmul(weight, y) + bias[:, None]
        return x + self.patch_ff(self.patch_layernorm(x))


class MaskedMixer(nn.Module):
    def __init__(self, vocab, dim, depth, length):
        super().__init__()
        self.wte = nn.Embedding(vocab, dim)
        self.mixerblocks = nn.ModuleList(Block(dim, length, True) for _ in range(depth))
        self.lm_head = nn.Linear(dim, vocab, bias=False)

    def hidden(self, ids, real=None):
        x = self.wte(ids)
        for block in self.mixerblocks:
            x = block(x, real)
        return x


class RetrievalMixer(nn.Module):
    def __init__(self, dim, depth, width):
        super().__init__()
        self.mixerblocks = nn.ModuleList(Block(dim, width, False) for _ in range(depth))
        self.retrieval_head = nn.Linear(dim, 1)

    def forward(self, x):
        for block in self.mixerblocks:
            x = block(x)
        return self.retrieval_head(x)[:, 1:, 0]


def tokens_of(path, tokenizer, limit, append_eos, length):
    import sentencepiece
    sp = sentencepiece.SentencePieceProcessor(tokenizer)
    texts = [json.loads(line)["text"] for line in open(path)][:limit]
    return [sp.encode(t)[:length - 1] + [2] if append_eos else sp.encode(t)[:length] for t in texts]


def batches(tokens, way, length, size=16):
    order = sorted(range(len(tokens)), key=lambda i: len(tokens[i]))
    for k in range(0, len(order), size):
        rows = [tokens[i] for i in order[k:k + size]]
        n = length if way == "window" else max(map(len, rows))
        ids = torch.tensor([[2] * (n - len(r)) + r for r in rows])
        real = torch.tensor([[0.0] * (n - len(r)) + [1.0] * len(r) for r in rows])
        yield ids, real if way == "cropped" else None


def embed(a):
    from safetensors.torch import load_file
    config = json.load(open(f"{a.model}/config.json"))
    length = config["context_length"]
    model = MaskedMixer(config["vocab_size"], config["hidden_size"], config["num_hidden_layers"], length)
    model.load_state_dict(load_file(f"{a.model}/model.safetensors"))
    model = model.to(getattr(torch, a.dtype)).eval()
    start = time.time()
    tokens = tokens_of(a.texts, f"{a.model}/tokenizer.model", a.limit, config["append_eos"], length)
    with torch.no_grad():
        for ids, real in batches(tokens, a.way, length):
            model.hidden(ids, real if real is None else real.to(getattr(torch, a.dtype)))[:, -2]
    return {"texts_per_s": len(tokens) / (time.time() - start), "texts": len(tokens)}


def score(a):
    model = RetrievalMixer(a.dim, a.depth, a.width).to(getattr(torch, a.dtype)).eval()
    x = torch.randn(a.batch, a.width, a.dim, dtype=getattr(torch, a.dtype))
    with torch.no_grad():
        model(x)
        start = time.time()
        for _ in range(a.steps):
            model(x)
    return {"contexts_per_s": a.batch * a.steps / (time.time() - start)}


def train(model, step, steps, dtype):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    def one():
        with torch.autocast("cpu", torch.bfloat16, enabled=dtype == "bfloat16"):
            loss = step(model)
        optimizer.zero_grad(); loss.backward(); optimizer.step()
    one()
    start = time.time()
    for _ in range(steps):
        one()
    return time.time() - start


def pretrain(a):
    tokens = tokens_of(a.texts, a.tokenizer, 32 * a.steps, True, 512)
    model = MaskedMixer(4096, a.dim, a.depth, 512)
    pool = list(batches(tokens, a.way, 512, 32))
    turn = iter(range(10 ** 9))
    def step(m):
        ids, real = pool[next(turn) % len(pool)]
        hidden = m.hidden(ids, real)[:, :-1]
        target = ids[:, 1:]
        if real is not None:
            kept = (real[:, 1:] > 0) & (real[:, :-1] > 0)
            hidden, target = hidden[kept], target[kept]
        return F.cross_entropy(m.lm_head(hidden).reshape(-1, 4096).float(), target.reshape(-1))
    seconds = train(model, step, len(pool), a.dtype)
    return {"tokens_per_s": sum(map(len, tokens)) / seconds}


def retrieve(a):
    model = RetrievalMixer(a.dim, a.depth, a.width)
    x, y = torch.randn(a.batch, a.width, a.dim), torch.randint(0, a.width - 1, (a.batch,))
    seconds = train(model, lambda m: F.cross_entropy(m(x), y), a.steps, a.dtype)
    return {"contexts_per_s": a.batch * a.steps / seconds}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("what", choices=["embed", "score", "pretrain", "retrieve"])
    for name, kind, default in [("model", str, None), ("texts", str, None), ("tokenizer", str, None), ("limit", int, 256), ("way", str, "window"),
                                ("dtype", str, "float32"), ("threads", int, 2), ("dim", int, 512), ("depth", int, 8), ("width", int, 128),
                                ("batch", int, 32), ("steps", int, 8)]:
        p.add_argument(f"--{name}", type=kind, default=default)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    print(json.dumps({"what": a.what, "dtype": a.dtype, "way": a.way, "threads": a.threads, **globals()[a.what](a)}))


if __name__ == "__main__":
    main()
