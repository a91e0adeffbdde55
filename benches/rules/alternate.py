"""Engines in turn on the same data, A B C A B C …, so that a busy machine is busy for all of them.
usage: alternate.py HENGJIE DATADIR ROUNDS PEER…      run from the project root; a PEER is "ENGINE VARIANT" of bench.py, or "zenrs PROGRAM"
The first round is not counted. Prints one line of JSON per engine: medians and minimum of wall and processor seconds, peak MiB, people per
processor second, people whose total / rank / grade differs from the exact reference; then how Hengjie compares with each peer, as the
median of the ratios of each round.
Hengjie is timed as a whole command: start, document read and checked, Parquet read, computed, Parquet written. Peers have their interpreter
running; they go from warm Parquet to arrays in memory. ZEN gets its contexts parsed in memory and does not rank: it is flattered."""
import json, os, statistics, subprocess, sys, tempfile, time

here = os.path.dirname(os.path.abspath(__file__))
POLICY = "policies/s02-bank-hundred-points"

class Hengjie:
    name = "hengjie"
    def __init__(self, program, data):
        self.data, self.out = data, os.path.join(tempfile.mkdtemp(), "result.parquet")
        self.command = [program, "run", POLICY, "--data", data, "--params", f"{POLICY}/parameters.demo.csv", "--period", "2025年",
                        "--only", "总分,序列名次,全行等级", "--reading", "A27=原始分", "--out", self.out, "--json"]
    def run(self, check=False):
        report = tempfile.TemporaryFile("w+")
        start = time.perf_counter()
        child = subprocess.Popen(self.command, stdout=report, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        report.seek(0)
        if child.returncode: sys.exit(report.read())
        report = json.loads(report.read())
        answer = dict(wall=wall, cpu=used.ru_utime + used.ru_stime, mib=used.ru_maxrss >> 10, computed=report.get("computed"),
                      row_by_row=len(report.get("row_by_row", [])))
        if check:
            checked = subprocess.run([sys.executable, os.path.join(here, "differences.py"), self.out, self.data], capture_output=True, text=True)
            answer |= json.loads(checked.stdout or checked.stderr and sys.exit(checked.stderr))
        return answer
    def end(self): pass

class Peer:
    """A process that runs once for every line it is given."""
    def __init__(self, peer, data):
        engine, variant = peer.split(" ", 1)
        if engine == "zenrs":
            model = os.path.join(data, "zen")
            os.makedirs(model, exist_ok=True)
            if not os.path.exists(f"{model}/rows.jsonl"):
                subprocess.run([sys.executable, "eng_zen.py", "expr", data, model], cwd=here, check=True)
            command, self.name = [variant, f"{model}/model.json", f"{model}/rows.jsonl", f"{model}/totals.txt"], "zen (Rust)"
        else:
            command, self.name = [sys.executable, "bench.py", engine, variant, data, "serve"], peer
        self.process = subprocess.Popen(command, cwd=here, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    def run(self, check=False):
        self.process.stdin.write("check\n" if check else "run\n"); self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())
    def end(self):
        self.process.stdin.close(); self.process.wait()

def main():
    hengjie, data, rounds, peers = sys.argv[1], os.path.abspath(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
    engines = [Hengjie(hengjie, data)] + [Peer(peer, data) for peer in peers]
    last = [engine.run(check=True) for engine in engines]
    runs = [[] for _ in engines]
    for _ in range(rounds):
        for own, engine in zip(runs, engines): own.append(engine.run())
    for engine in engines: engine.end()
    people = next((x["people"] for x in last if "people" in x), 0)
    for engine, own, checked in zip(engines, runs, last):
        wall, cpu = [x["wall"] for x in own], [x["cpu"] for x in own]
        line = dict(engine=engine.name, data=os.path.basename(data), people=people, rounds=rounds,
            wall=round(statistics.median(wall), 4), wall_min=round(min(wall), 4), cpu=round(statistics.median(cpu), 4), cpu_min=round(min(cpu), 4),
            mib=max(x["mib"] for x in own), people_per_cpu_s=round(people / statistics.median(cpu)), load=round(os.getloadavg()[0], 1))
        line |= {key: value for key, value in checked.items() if key.startswith("diff_") or key in ("computed", "row_by_row")}
        print(json.dumps(line, ensure_ascii=False), flush=True)
    for engine, own in zip(engines[1:], runs[1:]):
        ratio = lambda key: round(statistics.median(b[key] / a[key] for a, b in zip(runs[0], own)), 2)
        print(json.dumps({"hengjie_is_faster_than": engine.name, "wall": ratio("wall"), "per_cpu_second": ratio("cpu")}, ensure_ascii=False), flush=True)

main()
