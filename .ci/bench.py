#!/usr/bin/env python3
"""Runs quotebench on its two open sets and compares the figures with the marks below.

usage: bench.py BINARY SHARED

A figure may rise above its mark; one that falls below fails the run. Raise a
mark when the engine has earned it, never lower one to get a change in.
"""
import json
import os
import subprocess
import sys
import tempfile

# Figures are quotebench's own names, in percent.
MARKS = {
    "seed": {"speaker.full": 100, "questions": 80},
    "dev": {
        "direct.joint": 94,
        "mixed.joint": 80,
        "indirect-speech.joint": 75,
        "all.joint": 70,
        "speaker.full": 89,
        "speaker.last": 90,
        "who.hit@1": 70,
        "who.hit@5": 84,
        "what.hit@1": 77,
        "what.hit@5": 88,
        "verbatim": 98,
        "altered": 92,
        "misattributed": 98,
        "unanswerable": 98,
    },
}


def measure(binary, shared, gold, questions):
    """quotebench's figures in percent, and "questions": the share answered right."""
    bench = os.path.join(shared, "quotebench", "quotebench.py")
    with tempfile.TemporaryDirectory() as work:
        out = subprocess.run(
            [sys.executable, bench, binary, gold, "--questions", questions, "--work", work, "--json"],
            check=True, stdout=subprocess.PIPE, text=True,
        ).stdout
    figures = {name: 100 * value for name, value in json.loads(out).items()}
    with open(questions, encoding="utf-8") as lines:
        types = [json.loads(line)["type"] for line in lines]
    right = [figures.get(t + ".hit@1", figures.get(t, 0)) for t in types]
    figures["questions"] = sum(right) / len(right)
    return figures


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    binary, shared = sys.argv[1:]
    sets = {
        "seed": ("seed/gold.jsonl", "seed/questions.jsonl"),
        "dev": ("quotebench/dev.jsonl", "quotebench/dev.questions.jsonl"),
    }
    missed = []
    for name, paths in sets.items():
        figures = measure(binary, shared, *(os.path.join(shared, p) for p in paths))
        for figure, value in figures.items():
            mark = MARKS[name].get(figure)
            print(f"{name:5}{figure:26}{value:7.1f}" + (f"  mark {mark}" if mark else ""))
        # A little is forgiven for sums of floating-point shares. A figure that
        # is gone has missed its mark too.
        missed += [f"{name} {f}" for f, mark in MARKS[name].items() if figures.get(f, 0) < mark - 1e-6]
    if missed:
        sys.exit("below the mark: " + ", ".join(missed))


if __name__ == "__main__":
    main()
