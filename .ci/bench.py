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

# Figures are quotebench's own names, in percent.
MARKS = {
    "seed": {"speaker.full": 100, "questions": 80},
    "dev": {
        "direct.joint": 85,
        "mixed.joint": 50,
        "indirect-speech.joint": 57,
        "all.joint": 50,
        "speaker.full": 75,
        "who.hit@1": 40,
        "what.hit@1": 40,
        "verbatim": 85,
        "altered": 60,
        "misattributed": 60,
        "unanswerable": 50,
    },
}


def measure(binary, shared, gold, questions):
    """quotebench's figures in percent, and "questions": the share answered right."""
    bench = os.path.join(shared, "quotebench", "quotebench.py")
    out = subprocess.run(
        [sys.executable, bench, binary, gold, "--questions", questions, "--json"],
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
    missed = 0
    for name, paths in sets.items():
        figures = measure(binary, shared, *(os.path.join(shared, p) for p in paths))
        for figure, value in figures.items():
            mark = MARKS[name].get(figure)
            # A little is forgiven for sums of floating-point shares.
            low = mark is not None and value < mark - 1e-6
            missed += low
            note = "" if mark is None else f"  mark {mark}{': MISSED' if low else ''}"
            print(f"{name:5}{figure:26}{value:7.1f}{note}")
    if missed:
        sys.exit(f"{missed} figures are below their marks")


if __name__ == "__main__":
    main()
