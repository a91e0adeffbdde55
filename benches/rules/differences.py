"""People whose total, rank or grade in a result of Hengjie differs from the exact reference.
usage: differences.py RESULT.parquet DATADIR"""
import json, sys
import numpy as np, pyarrow.parquet as pq

GRADES = {"资深": 0, "高级": 1, "中级": 2, "初级": 3, "普通": 4}
table, ref = pq.read_table(sys.argv[1]), pq.read_table(f"{sys.argv[2]}/ref.parquet")
ids = np.array([int(x) for x in table["编号"].to_pylist()]); order = np.argsort(ids)
total = np.array([round(x * 100) for x in table["总分"].to_pylist()], dtype=np.int64)[order]
rank = np.array([int(x) for x in table["序列名次"].to_pylist()])[order]
grade = np.array([GRADES[x] for x in table["全行等级"].to_pylist()])[order]
grade[total < 6000] = 5                                             # the benchmark's mark for trainee treatment
assert (ids[order] == ref["id"].to_numpy()).all()
print(json.dumps({"people": len(ids), "diff_total": int((ref["total"].to_numpy() != total).sum()), "diff_rank": int((ref["rank"].to_numpy() != rank).sum()),
    "diff_grade": int((ref["grade"].to_numpy() != grade).sum())}))
