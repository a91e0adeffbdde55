#!/usr/bin/env python3
"""Times one engine and one formulation of the daily-average attribution query.

usage: peers.py ENGINE VARIANT DATADIR PERIOD REPS [--ref FILE] [--save FILE]
  PERIOD: year = [2025-01-01,2026-01-01) against 2024; month = [2025-09-01,2025-10-01) against 2024-09
One untimed run first (warm page cache, plans), then REPS timed runs in this process. Prints one JSON line:
median/min wall seconds, median CPU seconds, peak resident MiB, digest of the exact result, 1-minute load.
Result rows: rm_id, dep_num, loan_num, max_num, n_cust, prev_num (numerators in fen*day*bp, exact; the
daily averages are num // (10000*days), the net increase is the difference of two such averages).
"""
import argparse, datetime as dt, hashlib, json, os, resource, statistics, sys, time
EP = dt.date(1970, 1, 1); DN = lambda s: (dt.date.fromisoformat(s) - EP).days
PERIODS = {"year": ("2025-01-01", "2026-01-01", "2024-01-01", "2025-01-01"),
           "quarter": ("2025-07-01", "2025-10-01", "2024-07-01", "2024-10-01"),
           "month": ("2025-09-01", "2025-10-01", "2024-09-01", "2024-10-01")}
THR = 500_000 * 100                                             # yuan -> fen
ap = argparse.ArgumentParser()
for x in ("engine", "variant", "data", "period"): ap.add_argument(x)
ap.add_argument("reps", type=int); ap.add_argument("--ref"); ap.add_argument("--save"); ap.add_argument("--threads", type=int, default=2); ap.add_argument("--loaded", action="store_true", help="tables in memory before the clock starts (duckdb, polars)")
A = ap.parse_args(); F = lambda n: os.path.join(A.data, n)
S, E, PS, PE = PERIODS[A.period]; s, e, ps, pe = map(DN, (S, E, PS, PE)); D, PD = e - s, pe - ps
T_CUR, T_PREV = THR * D, THR * PD

# ------------------------------------------------------------------ shared SQL pieces (dates as int days: xs.d0 etc.)
def final_sql(att, tot, big):
    """att(c, rm_id, k, cur, prev) one row per customer x rm x kind; tot(c, tcur, tprev) deposits only"""
    return f"""SELECT rm_id,
      COALESCE(SUM(CASE WHEN k='deposit' AND tcur>={T_CUR} THEN cur END),0) dep_num,
      COALESCE(SUM(CASE WHEN k='loan' THEN cur END),0) loan_num,
      COALESCE(MAX(CASE WHEN k='deposit' AND tcur>={T_CUR} THEN cur END),0) max_num,
      COUNT(CASE WHEN k='deposit' AND tcur>={T_CUR} AND cur>0 THEN 1 END) n_cust,
      COALESCE(SUM(CASE WHEN k='deposit' AND tprev>={T_PREV} THEN prev END),0) prev_num
    FROM ({att}) att LEFT JOIN ({tot}) tot ON att.c=tot.c GROUP BY rm_id"""

def duck():
    import duckdb
    con = duckdb.connect(); con.execute(f"SET threads={A.threads}; SET memory_limit='12GB'; SET temp_directory='{F('tmp_duck')}'")
    ch, ac, ow = (f"read_parquet('{F(n)}')" for n in ("balance_changes.parquet", "accounts.parquet", "ownership.parquet"))
    if A.loaded:
        for name, source in (("ch", ch), ("ac", ac), ("ow", ow)): con.execute(f"CREATE TABLE {name} AS SELECT * FROM {source}")
        ch, ac, ow = "ch", "ac", "ow"
    G, L = "GREATEST", "LEAST"; dd = lambda x: f"DATE '{x}'"
    ov = lambda lo, hi, a="d0", b="d1": f"{G}(0,{L}({b},{hi})-{G}({a},{lo}))"
    own = f"""SELECT customer_id c, rm_id, share_bp bp, from_date f, COALESCE(to_date,DATE '9999-01-01') t FROM {ow}
              WHERE from_date<{dd(E)} AND COALESCE(to_date,DATE '9999-01-01')>{dd(PS)}"""
    def seg(src, stream):
        if stream:   # file order is (account, date): LEAD over the file order, no sort, no partitioning
            return f"""SELECT account_id, b, d0, CASE WHEN a1=account_id THEN {L}(x1,{dd(E)}) ELSE {dd(E)} END d1 FROM
              (SELECT account_id, balance_fen b, eff_date d0, LEAD(account_id) OVER () a1, LEAD(eff_date) OVER () x1 FROM {src}) WHERE d0<{dd(E)}"""
        return f"""SELECT account_id, balance_fen b, eff_date d0, LEAD(eff_date,1,{dd(E)}) OVER (PARTITION BY account_id ORDER BY eff_date) d1
                   FROM {src} WHERE eff_date<{dd(E)}"""
    hit = f"(b<>0 AND ((d1>{dd(S)}) OR (d0<{dd(PE)} AND d1>{dd(PS)})))"
    v = A.variant
    if v in ("overlap", "overlap_stream"):
        q = f"""WITH cs AS MATERIALIZED (SELECT customer_id c, kind k, b, d0, d1 FROM ({seg(ch, v.endswith('stream'))}) sg JOIN {ac} a USING(account_id)
                  WHERE kind<>'agreement_deposit' AND {hit}),
          own AS ({own}),
          tot AS (SELECT c, SUM(b*{ov(dd(S),dd(E))}) tcur, SUM(b*{ov(dd(PS),dd(PE))}) tprev FROM cs WHERE k='deposit' GROUP BY c),
          a1 AS (SELECT cs.c, rm_id, k, bp, SUM(b*{G}(0,{L}(d1,t,{dd(E)})-{G}(d0,f,{dd(S)}))) cur, SUM(b*{G}(0,{L}(d1,t,{dd(PE)})-{G}(d0,f,{dd(PS)}))) prev
                 FROM cs JOIN own ON own.c=cs.c AND d0<t AND f<d1 GROUP BY ALL),
          att AS (SELECT c, rm_id, k, SUM(cur::HUGEINT*bp) cur, SUM(prev::HUGEINT*bp) prev FROM a1 GROUP BY ALL)
          {final_sql('SELECT * FROM att', 'SELECT * FROM tot', '')}"""
    elif v in ("split", "split_stream", "split_acc"):
        # LEAD() OVER () only straight over the scan: over a semi-join it loses the file order and the answer is silently wrong
        st = v == "split_stream"
        agg = f"SUM(b*{ov(dd(S),dd(E))}) cur, SUM(b*{ov(dd(PS),dd(PE))}) prev"
        if v == "split_acc":   # aggregate by account before the join
            ct = f"""SELECT customer_id c, kind k, SUM(cur) cur, SUM(prev) prev FROM (SELECT account_id, {agg} FROM ({seg(ch,False)}) WHERE {hit} GROUP BY 1) x
                     JOIN {ac} a USING(account_id) WHERE kind<>'agreement_deposit' GROUP BY ALL"""
        else:
            ct = f"SELECT customer_id c, kind k, {agg} FROM ({seg(ch,st)}) x JOIN {ac} a USING(account_id) WHERE kind<>'agreement_deposit' AND {hit} GROUP BY ALL"
        q = f"""WITH own AS ({own}), cplx AS MATERIALIZED (SELECT * FROM own WHERE NOT (f<={dd(PS)} AND t>={dd(E)})), simp AS (SELECT * FROM own WHERE f<={dd(PS)} AND t>={dd(E)}),
          ct AS MATERIALIZED ({ct}),
          ca AS MATERIALIZED (SELECT account_id, customer_id c, kind k FROM {ac} WHERE kind<>'agreement_deposit' AND customer_id IN (SELECT c FROM cplx)),
          cseg AS ({seg(f"(SELECT * FROM {ch} WHERE account_id IN (SELECT account_id FROM ca))", False)}),
          a1 AS (SELECT cplx.c, rm_id, k, bp, SUM(b*{G}(0,{L}(d1,t,{dd(E)})-{G}(d0,f,{dd(S)}))) cur, SUM(b*{G}(0,{L}(d1,t,{dd(PE)})-{G}(d0,f,{dd(PS)}))) prev
                 FROM cseg JOIN ca USING(account_id) JOIN cplx ON cplx.c=ca.c AND d0<t AND f<d1 WHERE {hit} GROUP BY ALL),
          att AS (SELECT c, rm_id, k, SUM(cur::HUGEINT*bp) cur, SUM(prev::HUGEINT*bp) prev FROM
                 (SELECT * FROM a1 UNION ALL SELECT c, rm_id, k, bp, cur, prev FROM simp JOIN ct USING(c)) GROUP BY ALL)
          {final_sql('SELECT * FROM att', "SELECT c, cur tcur, prev tprev FROM ct WHERE k='deposit'", '')}"""
    elif v == "days":          # expand every segment to its days
        q = f"""WITH own AS ({own}), cs AS (SELECT customer_id c, kind k, b, d0, d1 FROM ({seg(ch, False)}) JOIN {ac} a USING(account_id) WHERE kind<>'agreement_deposit' AND {hit}),
          days AS (SELECT (DATE '{PS}'+i::INT) d FROM range({PD}) r(i) UNION SELECT (DATE '{S}'+i::INT) FROM range({D}) r(i)),
          cd AS MATERIALIZED (SELECT c, k, d, SUM(b) b FROM (SELECT c,k,b,UNNEST(generate_series({G}(d0,{dd(PS)})-DATE '1970-01-01', d1-DATE '1970-01-01'-1)) dn FROM cs) z
              JOIN (SELECT d, (d-DATE '1970-01-01') dn FROM days) USING(dn) GROUP BY ALL),
          tot AS (SELECT c, SUM(b) FILTER (d>={dd(S)}) tcur, SUM(b) FILTER (d<{dd(PE)}) tprev FROM cd WHERE k='deposit' GROUP BY c),
          att AS (SELECT cd.c, rm_id, k, SUM(b::HUGEINT*bp) FILTER (d>={dd(S)}) cur, SUM(b::HUGEINT*bp) FILTER (d<{dd(PE)}) prev
              FROM cd JOIN own ON own.c=cd.c AND d>=f AND d<t GROUP BY ALL)
          {final_sql('SELECT * FROM att', 'SELECT * FROM tot', '')}"""
    elif v in ("asof", "asof_stored"):
        # cumulative balance-days J at every change, then J(t) by ASOF at the boundaries of the period and of each ownership row
        if v == "asof":
            pre = f"""SELECT account_id, d0, b, COALESCE(SUM(b*(d1-d0)) OVER (PARTITION BY account_id ORDER BY d0 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),0)::BIGINT j
                      FROM (SELECT account_id, balance_fen b, eff_date d0, LEAD(eff_date,1,{dd(E)}) OVER (PARTITION BY account_id ORDER BY eff_date) d1 FROM {ch} WHERE eff_date<{dd(E)})"""
        else:
            pre = f"SELECT account_id, eff_date d0, balance_fen b, cum_fen_days j FROM read_parquet('{F('balance_prefix.parquet')}') WHERE eff_date<{dd(E)}"
        q = f"""WITH own AS ({own}),
          bd AS (SELECT DISTINCT c, UNNEST([{dd(PS)},{dd(PE)},{dd(S)},{dd(E)},{G}(f,{dd(PS)}),{L}(t,{dd(E)})]) t FROM own),
          bp AS (SELECT a.account_id, bd.c, kind k, t FROM bd JOIN {ac} a ON a.customer_id=bd.c WHERE kind<>'agreement_deposit'),
          jt AS (SELECT c, k, t, SUM(j+b*(t-d0)) j FROM bp ASOF JOIN ({pre}) p ON p.account_id=bp.account_id AND p.d0<=bp.t GROUP BY ALL),
          jt2 AS MATERIALIZED (SELECT * FROM jt),
          tot AS (SELECT c, COALESCE(SUM(j) FILTER (t={dd(E)}),0)-COALESCE(SUM(j) FILTER (t={dd(S)}),0) tcur, COALESCE(SUM(j) FILTER (t={dd(PE)}),0)-COALESCE(SUM(j) FILTER (t={dd(PS)}),0) tprev
                  FROM jt2 WHERE k='deposit' GROUP BY c),
          pc AS (SELECT c, rm_id, bp, UNNEST([{{'t':{L}(t,{dd(E)}),'s':1,'p':1}},{{'t':{G}(f,{dd(S)}),'s':-1,'p':1}},{{'t':{L}(t,{dd(PE)}),'s':1,'p':0}},{{'t':{G}(f,{dd(PS)}),'s':-1,'p':0}}]) u, f, t FROM own),
          pc2 AS (SELECT c, rm_id, bp, u.t t, u.s s, u.p p FROM pc WHERE (u.p=1 AND {L}(t,{dd(E)})>{G}(f,{dd(S)})) OR (u.p=0 AND {L}(t,{dd(PE)})>{G}(f,{dd(PS)}))),
          att AS (SELECT c, rm_id, k, COALESCE(SUM((j*s)::HUGEINT*bp) FILTER (p=1),0) cur, COALESCE(SUM((j*s)::HUGEINT*bp) FILTER (p=0),0) prev FROM pc2 JOIN jt2 USING(c,t) GROUP BY ALL)
          {final_sql('SELECT * FROM att', 'SELECT * FROM tot', '')}"""
    elif v == "scan_sum":
        return lambda: con.execute(f"SELECT COUNT(*), SUM(account_id), SUM(eff_date-DATE '1970-01-01'), SUM(balance_fen) FROM {ch}").fetchall()
    return lambda: con.execute(q).fetchall()

def polars():
    import polars as pl
    ch, ac, ow = (lambda n=n: pl.scan_parquet(F(n)) for n in ("balance_changes.parquet", "accounts.parquet", "ownership.parquet"))
    if A.loaded: ch, ac, ow = (lambda t=f().collect(): t.lazy() for f in (ch, ac, ow))
    base, _, mode = A.variant.partition("_"); eng = "streaming" if mode == "streaming" else "in-memory"
    i = lambda c: pl.col(c).cast(pl.Int32); lit = lambda x: pl.lit(x, dtype=pl.Int32)
    ov = lambda lo, hi: (pl.min_horizontal("d1", *hi) - pl.max_horizontal("d0", *lo)).clip(0).cast(pl.Int64)
    def segs(src):
        return (src.with_columns(d0=i("eff_date"), a1=pl.col("account_id").shift(-1), x1=i("eff_date").shift(-1))
                .select("account_id", "d0", pl.when(pl.col("a1") == pl.col("account_id")).then(pl.min_horizontal("x1", lit(e))).otherwise(lit(e)).alias("d1"), b="balance_fen")
                .filter((pl.col("b") != 0) & (pl.col("d0") < e) & ((pl.col("d1") > s) | ((pl.col("d0") < pe) & (pl.col("d1") > ps)))))
    def run():
        acs = ac().filter(pl.col("kind") != "agreement_deposit").select("account_id", "customer_id", dep=pl.col("kind") == "deposit")
        own = ow().select("customer_id", "rm_id", bp="share_bp", f=i("from_date"), t=i("to_date").fill_null(9_000_00)).filter((pl.col("f") < e) & (pl.col("t") > ps))
        cur, prev = (pl.col("b") * ov([lit(s)], [lit(e)])).sum().alias("cur"), (pl.col("b") * ov([lit(ps)], [lit(pe)])).sum().alias("prev")
        acur = (pl.col("b") * ov([lit(s), pl.col("f")], [lit(e), pl.col("t")])).sum().alias("cur"); aprev = (pl.col("b") * ov([lit(ps), pl.col("f")], [lit(pe), pl.col("t")])).sum().alias("prev")
        if base == "overlap":
            cs = segs(ch()).join(acs, on="account_id").select("customer_id", "dep", "b", "d0", "d1")
            if eng == "in-memory": cs = cs.collect(engine=eng).lazy()
            ct = cs.group_by("customer_id", "dep").agg(cur, prev)
            a1 = cs.join(own, on="customer_id").filter((pl.col("d0") < pl.col("t")) & (pl.col("f") < pl.col("d1"))).group_by("customer_id", "rm_id", "dep", "bp").agg(acur, aprev)
        else:       # split: by account first, then only the customers whose ownership changes go through the overlap join
            g = segs(ch())
            if base == "splitj":
                ct = g.join(acs, on="account_id").group_by("customer_id", "dep").agg(cur, prev)
            else:
                ct = g.group_by("account_id").agg(cur, prev).join(acs, on="account_id").group_by("customer_id", "dep").agg(pl.col("cur").sum(), pl.col("prev").sum())
            ct = ct.collect(engine=eng).lazy()
            simple = (pl.col("f") <= ps) & (pl.col("t") >= e); cx = own.filter(~simple).collect().lazy()
            ca = acs.join(cx, on="customer_id", how="semi").collect().lazy()
            cseg = segs(ch().join(ca, on="account_id", how="semi", maintain_order="left"))
            a1 = pl.concat([cseg.join(ca, on="account_id").join(cx, on="customer_id").filter((pl.col("d0") < pl.col("t")) & (pl.col("f") < pl.col("d1")))
                            .group_by("customer_id", "rm_id", "dep", "bp").agg(acur, aprev),
                            ct.join(own.filter(simple), on="customer_id").select("customer_id", "rm_id", "dep", "bp", "cur", "prev")])
        big = lambda c: (pl.col(c).cast(pl.Int128) * pl.col("bp").cast(pl.Int128)).sum().alias(c)
        att = a1.group_by("customer_id", "rm_id", "dep").agg(big("cur"), big("prev"))
        tot = ct.filter(pl.col("dep")).select("customer_id", tcur="cur", tprev="prev")
        dc, dp = pl.col("dep") & (pl.col("tcur") >= T_CUR), pl.col("dep") & (pl.col("tprev") >= T_PREV); z = pl.lit(0, dtype=pl.Int128)
        w = lambda m, c: pl.when(m.fill_null(False)).then(pl.col(c)).otherwise(z)
        r = (att.join(tot, on="customer_id", how="left").group_by("rm_id").agg(w(dc, "cur").sum().alias("a"), w(~pl.col("dep"), "cur").sum().alias("l"), w(dc, "cur").max().alias("m"),
             (dc & (pl.col("cur") > 0)).fill_null(False).sum().alias("n"), w(dp, "prev").sum().alias("p"))).collect(engine=eng)
        return r.rows()
    return run

def chdb():
    from chdb import session
    ss = session.Session(); fl = lambda n: f"file('{os.path.abspath(F(n))}','Parquet')"
    ch, ac, ow = (fl(n) for n in ("balance_changes.parquet", "accounts.parquet", "ownership.parquet"))
    g, l = "greatest", "least"; I = lambda x: f"toInt32({x})"
    own = f"""SELECT assumeNotNull(customer_id) c, assumeNotNull(rm_id) rm_id, toInt128(assumeNotNull(share_bp)) bp, toInt32(assumeNotNull(from_date)) f, toInt32(ifNull(toInt32(to_date),9000000)) t FROM {ow} WHERE f<{e} AND t>{ps}"""
    acc = f"SELECT assumeNotNull(account_id) account_id, assumeNotNull(customer_id) c, kind='deposit' dep FROM {ac} WHERE kind<>'agreement_deposit'"
    ev = f"SELECT assumeNotNull(account_id) account_id, toInt32(assumeNotNull(eff_date)) d0, assumeNotNull(balance_fen) b FROM {ch}"
    A3 = lambda lo, hi: f"arraySum((x,y,z)->z*{g}({l}(y,{hi})-{g}(x,{lo}),0), ds, ns, bs)"
    base, _, _ = A.variant.partition("_")
    fin = lambda att, tot: f"""SELECT rm_id, sumIf(cur, dep AND tcur>={T_CUR}), sumIf(cur, NOT dep), maxIf(cur, dep AND tcur>={T_CUR}), countIf(dep AND tcur>={T_CUR} AND cur>0), sumIf(prev, dep AND tprev>={T_PREV})
         FROM ({att}) att LEFT JOIN ({tot}) tot ON att.c=tot.c GROUP BY rm_id"""
    if base == "window":
        sg = lambda src: f"SELECT account_id, b, d0, leadInFrame(d0,1,toInt32({e})) OVER (PARTITION BY account_id ORDER BY d0 ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) d1 FROM ({src} WHERE eff_date<toDate('{E}'))"
        o = lambda lo, hi: f"sum(b*{g}({l}(d1,{hi})-{g}(d0,{lo}),0))"
        ct = f"SELECT c, dep, {o(s,e)} cur, {o(ps,pe)} prev FROM ({sg(ev)}) x JOIN ({acc}) a USING(account_id) GROUP BY c, dep"
    else:
        arr = lambda src: f"""SELECT account_id, arraySort(groupArray((d0,b))) evs, evs.1 ds, evs.2 bs, arrayPushBack(arrayPopFront(ds), toInt32({e})) ns FROM ({src} WHERE eff_date<toDate('{E}')) GROUP BY account_id"""
        ct = f"SELECT c, dep, sum({A3(s,e)}) cur, sum({A3(ps,pe)}) prev FROM ({arr(ev)}) x JOIN ({acc}) a USING(account_id) GROUP BY c, dep"
    cx = f"SELECT * FROM ({own}) WHERE NOT (f<={ps} AND t>={e})"; simp = f"SELECT * FROM ({own}) WHERE f<={ps} AND t>={e}"
    ca = f"SELECT * FROM ({acc}) WHERE c IN (SELECT c FROM ({cx}))"
    evx = f"SELECT * FROM (SELECT *, eff_date FROM (SELECT assumeNotNull(account_id) account_id, toInt32(assumeNotNull(eff_date)) d0, assumeNotNull(balance_fen) b, eff_date FROM {ch}) WHERE account_id IN (SELECT account_id FROM ({ca})))"
    if base == "window":
        a1 = f"""SELECT c, rm_id, dep, bp, sum(b*{g}({l}({l}(d1,t),{e})-{g}({g}(d0,f),{s}),0)) cur, sum(b*{g}({l}({l}(d1,t),{pe})-{g}({g}(d0,f),{ps}),0)) prev
                 FROM ({sg(evx)}) x JOIN ({ca}) a USING(account_id) JOIN ({cx}) o ON o.c=a.c GROUP BY c, rm_id, dep, bp"""
    else:
        a1 = f"""SELECT c, rm_id, dep, bp, sum({A3(f'{g}(f,{s})', f'{l}(t,{e})')}) cur, sum({A3(f'{g}(f,{ps})', f'{l}(t,{pe})')}) prev
                 FROM ({arr(evx)}) x JOIN ({ca}) a USING(account_id) JOIN ({cx}) o ON o.c=a.c GROUP BY c, rm_id, dep, bp"""
    def run():
        ss.query("DROP TABLE IF EXISTS ct"); ss.query(f"CREATE TABLE ct ENGINE=Memory AS {ct} SETTINGS max_threads={A.threads}")
        att = f"""SELECT c, rm_id, dep, sum(cur*bp) cur, sum(prev*bp) prev FROM (SELECT c, rm_id, dep, bp, cur, prev FROM ({a1}) UNION ALL
                  SELECT c, rm_id, dep, bp, cur, prev FROM ct JOIN ({simp}) o USING(c)) GROUP BY c, rm_id, dep"""
        r = ss.query(fin(att, "SELECT c, cur tcur, prev tprev FROM ct WHERE dep") + f" SETTINGS max_threads={A.threads}", "TSV")
        return [tuple(int(x) for x in ln.split("\t")) for ln in r.bytes().decode().splitlines()]
    ss.query("CREATE DATABASE IF NOT EXISTS z ENGINE=Atomic"); ss.query("USE z")
    return run

def datafusion():
    from datafusion import SessionContext, SessionConfig, RuntimeEnvBuilder
    cfg = SessionConfig().with_target_partitions(A.threads).with_batch_size(8192)
    for k, x in (("datafusion.execution.parquet.pushdown_filters", "false"), ("datafusion.optimizer.prefer_existing_sort", "true")): cfg = cfg.set(k, x)
    ctx = SessionContext(cfg); base, _, _ = A.variant.partition("_")
    order = "" if A.variant.endswith("noorder") else "WITH ORDER (account_id ASC, eff_date ASC)"
    ctx.sql(f"CREATE EXTERNAL TABLE ch (account_id BIGINT, eff_date DATE, balance_fen BIGINT) STORED AS PARQUET {order} LOCATION '{os.path.abspath(F('balance_changes.parquet'))}'")
    ctx.register_parquet("ac", F("accounts.parquet")); ctx.register_parquet("ow", F("ownership.parquet"))
    G, L = "GREATEST", "LEAST"; i = lambda x: f"CAST({x} AS INT)"
    ov = lambda lo, hi: f"CAST({G}(0,{L}(d1,{hi})-{G}(d0,{lo})) AS BIGINT)"
    own = f"SELECT * FROM (SELECT customer_id c, rm_id, share_bp bp, {i('from_date')} f, COALESCE({i('to_date')},9000000) t FROM ow) q WHERE f<{e} AND t>{ps}"
    seg = lambda src: f"""SELECT account_id, b, {i('ed')} d0, COALESCE({i('nd')},{e}) d1 FROM (SELECT account_id, balance_fen b, eff_date ed, LEAD(eff_date) OVER (PARTITION BY account_id ORDER BY eff_date) nd
                          FROM {src} WHERE eff_date<DATE '{E}') z"""
    hit = f"(b<>0 AND (d1>{s} OR (d0<{pe} AND d1>{ps})))"; big = lambda c: f"CAST({c} AS DECIMAL(38,0))*CAST(bp AS DECIMAL(6,0))"
    dec = lambda c: f"SUM(CAST(CAST({c} AS DECIMAL(32,0))*CAST(bp AS DECIMAL(6,0)) AS DECIMAL(38,0)))"
    acur = f"SUM(b*CAST({G}(0,{L}(d1,t,{e})-{G}(d0,f,{s})) AS BIGINT)) cur, SUM(b*CAST({G}(0,{L}(d1,t,{pe})-{G}(d0,f,{ps})) AS BIGINT)) prev"
    agg = f"SUM(b*{ov(s,e)}) cur, SUM(b*{ov(ps,pe)}) prev"
    def run():
        mem = lambda name, q: (ctx.deregister_table(name) if ctx.table_exist(name) else None, ctx.register_record_batches(name, [ctx.sql(q).collect()]))
        if base == "overlap":
            mem("cs", f"SELECT customer_id c, kind k, b, d0, d1 FROM ({seg('ch')}) x JOIN ac ON ac.account_id=x.account_id WHERE kind<>'agreement_deposit' AND {hit}")
            tot = f"SELECT c, SUM(b*{ov(s,e)}) tcur, SUM(b*{ov(ps,pe)}) tprev FROM cs WHERE k='deposit' GROUP BY c"
            a1 = f"SELECT cs.c, rm_id, k, bp, {acur} FROM cs JOIN ({own}) own ON own.c=cs.c AND d0<t AND f<d1 GROUP BY cs.c, rm_id, k, bp"
        else:
            if base == "split":   # aggregate by account first (input is ordered by account)
                mem("ct", f"""SELECT customer_id c, kind k, SUM(cur) cur, SUM(prev) prev FROM (SELECT account_id, {agg} FROM ({seg('ch')}) x WHERE {hit} GROUP BY account_id) y
                          JOIN ac ON ac.account_id=y.account_id WHERE kind<>'agreement_deposit' GROUP BY customer_id, kind""")
            else:
                mem("ct", f"SELECT customer_id c, kind k, {agg} FROM ({seg('ch')}) x JOIN ac ON ac.account_id=x.account_id WHERE kind<>'agreement_deposit' AND {hit} GROUP BY customer_id, kind")
            mem("cx", f"SELECT * FROM ({own}) o WHERE NOT (f<={ps} AND t>={e})")
            mem("ca", "SELECT account_id, customer_id c, kind k FROM ac WHERE kind<>'agreement_deposit' AND customer_id IN (SELECT c FROM cx)")
            tot = "SELECT c, cur tcur, prev tprev FROM ct WHERE k='deposit'"
            sx = seg("(SELECT ch.* FROM ch JOIN ca ON ca.account_id=ch.account_id) chx")
            a1 = f"""SELECT cx.c, rm_id, k, bp, {acur} FROM ({sx}) x JOIN ca ON ca.account_id=x.account_id JOIN cx ON cx.c=ca.c AND d0<t AND f<d1 WHERE {hit} GROUP BY cx.c, rm_id, k, bp
                     UNION ALL SELECT o.c, rm_id, k, bp, cur, prev FROM ct JOIN (SELECT * FROM ({own}) o2 WHERE f<={ps} AND t>={e}) o ON o.c=ct.c"""
        att = f"SELECT c, rm_id, k, {dec('cur')} cur, {dec('prev')} prev FROM ({a1}) a1 GROUP BY c, rm_id, k"
        t = ctx.sql(final_sql(att, tot, "")).to_arrow_table()
        return [tuple(int(x) for x in r) for r in zip(*[c.to_pylist() for c in t.columns])]
    return run

def postgres():
    import psycopg
    con = psycopg.connect(os.environ["PGCONN"] + " dbname=" + os.path.basename(A.data).lower(), autocommit=True)
    for x in ("work_mem='512MB'", "max_parallel_workers_per_gather=2", "jit=%s" % ("on" if A.variant.endswith("jit") else "off"), "hash_mem_multiplier=4"): con.execute("SET " + x)
    G, L = "GREATEST", "LEAST"; dd = lambda x: f"DATE '{x}'"; v = A.variant.split("_")[0]
    ov = lambda lo, hi: f"{G}(0,{L}(d1,{hi})-{G}(d0,{lo}))"
    own = f"SELECT customer_id c, rm_id, share_bp bp, from_date f, COALESCE(to_date,'infinity'::date) t FROM ow WHERE from_date<{dd(E)} AND COALESCE(to_date,'infinity'::date)>{dd(PS)}"
    seg = lambda src: f"SELECT account_id, balance_fen b, eff_date d0, LEAD(eff_date,1,{dd(E)}) OVER (PARTITION BY account_id ORDER BY eff_date) d1 FROM {src} WHERE eff_date<{dd(E)}"
    hit = f"(b<>0 AND ((d1>{dd(S)}) OR (d0<{dd(PE)} AND d1>{dd(PS)})))"
    T = lambda x: f"(CASE WHEN t='infinity' THEN {x} ELSE {L}(t,{x}) END)"
    acur = f"SUM(b*{G}(0,{L}(d1,{T(dd(E))})-{G}(d0,f,{dd(S)}))) cur, SUM(b*{G}(0,{L}(d1,{T(dd(PE))})-{G}(d0,f,{dd(PS)}))) prev"
    agg = f"SUM(b*{ov(dd(S),dd(E))}) cur, SUM(b*{ov(dd(PS),dd(PE))}) prev"
    if v == "overlap":
        q = f"""WITH cs AS MATERIALIZED (SELECT customer_id c, kind k, b, d0, d1 FROM ({seg('ch')}) x JOIN ac USING(account_id) WHERE kind<>'agreement_deposit' AND {hit}), own AS ({own}),
          tot AS (SELECT c, SUM(b*{ov(dd(S),dd(E))}) tcur, SUM(b*{ov(dd(PS),dd(PE))}) tprev FROM cs WHERE k='deposit' GROUP BY c),
          att AS (SELECT c, rm_id, k, SUM(cur*bp) cur, SUM(prev*bp) prev FROM (SELECT cs.c, rm_id, k, bp, {acur} FROM cs JOIN own ON own.c=cs.c AND d0<t AND f<d1 GROUP BY 1,2,3,4) z GROUP BY 1,2,3)
          {final_sql('SELECT * FROM att','SELECT * FROM tot','')}"""
    elif v == "split":
        q = f"""WITH own AS ({own}), cplx AS MATERIALIZED (SELECT * FROM own WHERE NOT (f<={dd(PS)} AND t>={dd(E)})),
          ct AS MATERIALIZED (SELECT customer_id c, kind k, SUM(cur) cur, SUM(prev) prev FROM (SELECT account_id, {agg} FROM ({seg('ch')}) s WHERE {hit} GROUP BY 1) x JOIN ac USING(account_id) WHERE kind<>'agreement_deposit' GROUP BY 1,2),
          ca AS MATERIALIZED (SELECT account_id, customer_id c, kind k FROM ac WHERE kind<>'agreement_deposit' AND customer_id IN (SELECT c FROM cplx)),
          a1 AS (SELECT cplx.c, rm_id, k, bp, {acur} FROM (SELECT ca.c, ca.k, x.* FROM ca CROSS JOIN LATERAL ({seg('ch')} AND ch.account_id=ca.account_id) x) y JOIN cplx ON cplx.c=y.c AND d0<t AND f<d1 WHERE {hit} GROUP BY 1,2,3,4),
          att AS (SELECT c, rm_id, k, SUM(cur*bp) cur, SUM(prev*bp) prev FROM (SELECT * FROM a1 UNION ALL SELECT c, rm_id, k, bp, cur, prev FROM (SELECT * FROM own WHERE f<={dd(PS)} AND t>={dd(E)}) simp JOIN ct USING(c)) z GROUP BY 1,2,3)
          {final_sql('SELECT * FROM att',"SELECT c, cur tcur, prev tprev FROM ct WHERE k='deposit'",'')}"""
    def run(): return [tuple(int(x) for x in r) for r in con.execute(q).fetchall()]
    run.pid = con.info.backend_pid
    return run

run = {"duckdb": duck, "polars": polars, "chdb": chdb, "datafusion": datafusion, "postgres": postgres}[A.engine]()
def cpu():
    r = resource.getrusage(resource.RUSAGE_SELF); t = r.ru_utime + r.ru_stime
    if hasattr(run, "pid"):
        with open(f"/proc/{run.pid}/stat") as f: x = f.read().rsplit(")", 1)[1].split()
        t += (int(x[11]) + int(x[12]) + int(x[13]) + int(x[14])) / os.sysconf("SC_CLK_TCK")
    return t
def peak(pid): return int(next(l for l in open(f"/proc/{pid}/status") if l.startswith("VmHWM")).split()[1]) // 1024
t = time.perf_counter(); rows = run(); first = time.perf_counter() - t; W = []; C = []
for _ in range(A.reps):
    c, t = cpu(), time.perf_counter(); rows = run(); W.append(time.perf_counter() - t); C.append(cpu() - c)
rows = sorted(tuple(int(x) for x in r) for r in rows); rows = [r for r in rows if any(r[1:])] if len(rows[0]) == 6 else rows
dig = hashlib.sha256(repr(rows).encode()).hexdigest()[:16]; out = dict(engine=A.engine, variant=A.variant + (" loaded" if A.loaded else ""), size=os.path.basename(A.data), period=A.period, reps=A.reps, first=round(first, 3),
    wall=round(statistics.median(W), 3) if W else None, wmin=round(min(W), 3) if W else None, cpu=round(statistics.median(C), 2) if C else None,
    peak_mib=peak(run.pid if hasattr(run, "pid") else "self"), rows=len(rows), digest=dig, load=os.getloadavg()[0])
if A.save:
    with open(A.save, "w") as f: f.writelines(",".join(map(str, r)) + "\n" for r in rows)
print(json.dumps(out), flush=True)
