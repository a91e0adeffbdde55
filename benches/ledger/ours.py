"""Times our daily averages as whole commands: start, files or ledger opened, figures written as exact JSON.

usage: ours.py HENGJIE VARIANT DATADIR LEDGER PERIOD REPS    VARIANT is parquet or ledger
       ours.py HENGJIE build DATADIR LEDGER                  builds the ledger anew
       ours.py HENGJIE day|correct DATADIR LEDGER            loads a new day (1/730 of all changes), corrects one old balance
Prints one JSON line, as peers.py does.
"""
import hashlib, json, os, resource, shutil, statistics, subprocess, sys, time

hengjie, variant, data, ledger = sys.argv[1:5]
COLUMNS = ["a=deposit ≥50万元", "l=loan", "m=deposit 最大 ≥50万元", "n=deposit 户数 ≥50万元", "p=deposit 上年 ≥50万元"]
PERIODS = {"year": "2025年", "quarter": "2025年3季", "month": "2025年9月"}


def run(words):
    """Wall and CPU seconds, peak MiB and output of a command."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen([hengjie, *words, "--json"], stdout=subprocess.PIPE)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status:
        sys.exit(f"{words}: {out.decode()}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024, json.loads(out)


def averages(period, reps):
    words = ["ledger", "average", data if variant == "parquet" else ledger, "--period", PERIODS[period]]
    for column in COLUMNS:
        words += ["--column", column]
    first, *_ = run(words)
    runs = [run(words) for _ in range(reps)]
    answer = runs[-1][3]["figures"]["fen_days_bp"]
    rows = sorted((int(key), *map(int, values)) for key, values in answer)
    digest = hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
    return dict(period=period, first=round(first, 3), wall=round(statistics.median(r[0] for r in runs), 4), wmin=round(min(r[0] for r in runs), 4),
                cpu=round(statistics.median(r[1] for r in runs), 3), peak_mib=max(r[2] for r in runs), rows=len(rows), digest=digest)


def once(words):
    wall, cpu, peak, answer = run(words)
    return dict(wall=round(wall, 3), cpu=round(cpu, 2), peak_mib=peak, result={k: v for k, v in answer.items() if k not in ("ok", "exit")})


def new_day(rows):
    """A file for 2026-01-05: every n-th account has another balance."""
    import pyarrow as pa, pyarrow.parquet as pq, datetime as dt
    accounts = pq.read_table(os.path.join(data, "accounts.parquet"), columns=["account_id"])["account_id"]
    step = max(1, len(accounts) // rows)
    chosen = accounts.take(pa.array(range(0, len(accounts), step)))
    table = pa.table({"account_id": chosen, "eff_date": pa.array([dt.date(2026, 1, 5)] * len(chosen)),
                      "balance_fen": pa.array([(i * 7919) % 100_000_000 for i in range(len(chosen))], pa.int64())})
    path = os.path.join(os.path.dirname(os.path.abspath(ledger)), "day.parquet")
    pq.write_table(table, path)
    return path


def one_old_balance():
    import pyarrow as pa, pyarrow.parquet as pq, datetime as dt
    accounts = pq.read_table(os.path.join(data, "accounts.parquet"), columns=["account_id"])["account_id"]
    table = pa.table({"account_id": accounts.slice(len(accounts) // 2, 1), "eff_date": [dt.date(2024, 5, 17)], "balance_fen": pa.array([123_456_700], pa.int64())})
    path = os.path.join(os.path.dirname(os.path.abspath(ledger)), "correction.parquet")
    pq.write_table(table, path)
    return path


result = dict(engine="hengjie", variant=variant, size=os.path.basename(data.rstrip("/")))
if variant == "build":
    shutil.rmtree(ledger, ignore_errors=True)
    result |= once(["ledger", "build", ledger, "--from", data, "--recorded-on", "2026-01-02"])
elif variant in ("day", "correct"):
    import pyarrow.parquet as pq
    rows = pq.ParquetFile(os.path.join(data, "balance_changes.parquet")).metadata.num_rows
    file = new_day(rows // 730) if variant == "day" else one_old_balance()
    result |= once(["ledger", "load", ledger, file, "--recorded-on", "2026-01-06"])
else:
    result |= averages(sys.argv[5], int(sys.argv[6]))
print(json.dumps(result, ensure_ascii=False), flush=True)
