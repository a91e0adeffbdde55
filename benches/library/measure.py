"""Runs `hengjie run` on every given case and prints a table: subjects (people, or what most results are about), rows of facts, results,
wall, CPU, memory. The median of REPS runs.

usage: measure.py HENGJIE REPS CASE…   with CASE = NAME:POLICY:DATA[:PERIOD]
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time


def rows(folder):
    """Rows of all tables: as the demonstration says beside them (说明.md), else lines of CSV without the heading."""
    said = pathlib.Path(folder) / "说明.md"
    if said.is_file():
        cells = [line.split("|") for line in said.read_text().splitlines() if line.startswith("| ")]
        return sum(int(line[2]) for line in cells if line[2].strip().isdigit())
    return sum(sum(1 for _ in open(file, "rb")) - 1 for file in pathlib.Path(folder).glob("*.csv"))


def once(hengjie, policy, data, period, out):
    words = [hengjie, "run", policy, "--data", data, "--format", "parquet", "--out", out, "--json"]
    parameters = pathlib.Path(policy) / "parameters.demo.csv"
    words += ["--params", str(parameters)] if parameters.is_file() else []
    words += ["--period", period] if period else []
    with open(pathlib.Path(out).parent / "said.json", "w+") as said:
        start = time.perf_counter()
        child = subprocess.Popen(words, stdout=said, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        said.seek(0)
        report = json.load(said)
    if os.waitstatus_to_exitcode(status) not in (0, 3):
        sys.exit(f"{policy} {data}: {json.dumps(report, ensure_ascii=False)[:2000]}")
    return report, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    hengjie, reps, cases = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    print("| scheme | subjects | rows of facts | results | wall s | CPU s | MiB |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for case in cases:
        name, policy, data, period = (case.split(":") + [""])[:4]
        with tempfile.TemporaryDirectory() as folder:
            runs = [once(hengjie, policy, data, period, folder + "/out") for _ in range(reps)]
        report = runs[0][0]
        wall, cpu, memory = (statistics.median(run[at] for run in runs) for at in (1, 2, 3))
        subjects = report["subjects"]
        print(f"| {name} | {subjects} | {rows(data)} | {report['results']} | {wall:.2f} | {cpu:.2f} | {memory:.0f} |", flush=True)


main()
