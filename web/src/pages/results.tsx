// The results of a run: rows sorted by value on the server, seat lines and ties, filters, distribution, what is awaited.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { Alert, Button, Collapse, Input, Pagination, Select, Segmented, Table, Tag, type TableColumnsType } from "antd";
import { Suspense, lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Schemas } from "../api/client";
import { ExplainDrawer } from "../components/explain";
import { Figure, useHeading } from "../components/figure";
import { KnownRun } from "../components/known-run";
import { Faults, Failure, Loading, Nothing, RunTag } from "../components/states";
import { geometry, plain } from "../lib/amount";
import { useNarrow, useSettings } from "../lib/settings";
import { minute } from "../lib/time";
import type { ResultsSearch } from "../router";

type RunDetail = Schemas["RunDetail"];
type TableSummary = Schemas["TableSummary"];
type Column = Schemas["ColumnSummary"];
type Row = Schemas["TableRow"];

const Bars = lazy(() => import("../components/chart"));

/** Rows of a page. */
const PAGE = 100;

const route = getRouteApi("/results/$run");

export function ResultsPage() {
  const run = Number(route.useParams().run);
  const detail = useQuery({
    queryKey: ["run", run],
    queryFn: () => answer(api.GET("/api/runs/{run}", { params: { path: { run } } })),
    refetchInterval: (query) => (query.state.data?.summary.state === "running" ? 500 : false),
  });
  if (detail.isPending) return <Loading />;
  if (detail.error) return <Failure error={detail.error} retry={() => void detail.refetch()} />;
  return <Results detail={detail.data as RunDetail} />;
}

function Results({ detail }: { detail: RunDetail }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (change: Partial<ResultsSearch>) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  const table = detail.tables.find((one) => one.position === search.table) ?? detail.tables[0];
  return (
    <>
      <Head detail={detail} />
      <div className="stack">
        <KnownRun summary={detail.summary} />
        <Notices detail={detail} />
        {table && (
          <>
            <Filters detail={detail} table={table} search={search} set={set} />
            <Rows detail={detail} table={table} search={search} set={set} />
            <Below detail={detail} table={table} />
          </>
        )}
      </div>
      <ExplainDrawer
        run={detail.summary.number}
        why={search}
        close={() => set({ who: undefined, value: undefined, row: undefined })}
      />
    </>
  );
}

function Head({ detail }: { detail: RunDetail }) {
  const { t } = useTranslation();
  const { summary } = detail;
  return (
    <header className="page-head">
      <div>
        <h1>
          {detail.organisation} {summary.periods.join(", ")}
        </h1>
        <p className="lead">
          <Link to="/policies/$document" params={{ document: summary.document }} search={{ version: summary.version }}>
            {detail.title}
          </Link>{" "}
          {t("home.version", { version: summary.version })} {t("runs.number", { number: summary.number })}{" "}
          {minute(summary.ended_at || summary.started_at)} <RunTag state={summary.state} />
          <Tag>{t("status.trial")}</Tag>
        </p>
      </div>
      <div className="actions">
        <Link to="/runs" search={{ document: summary.document }}>
          <Button>{t("results.rerun")}</Button>
        </Link>
        {summary.state === "done" && (
          <Button type="primary" href={`/api/runs/${summary.number}/workbook`}>
            {t("results.export")}
          </Button>
        )}
      </div>
    </header>
  );
}

function Notices({ detail }: { detail: RunDetail }) {
  const { t } = useTranslation();
  const { missing, undecided } = detail.summary;
  return (
    <>
      {detail.trouble && (
        <Alert type="error" showIcon title={detail.trouble.message} description={<Faults trouble={detail.trouble} />} />
      )}
      {detail.facts_changed && <Alert type="warning" showIcon title={t("results.factsChanged")} />}
      {missing + undecided > 0 && <Alert type="info" showIcon title={t("results.partial", { missing, undecided })} />}
    </>
  );
}

interface Part {
  detail: RunDetail;
  table: TableSummary;
  search: ResultsSearch;
  set: (change: Partial<ResultsSearch>) => void;
}

/** The column whose items can be filtered: seats, else the first list. */
function itemColumn(table: TableSummary): number {
  const quota = table.columns.findIndex((column) => column.role === "quota");
  return quota >= 0 ? quota : table.columns.findIndex((column) => column.items.length > 0);
}

function Filters({ detail, table, search, set }: Part) {
  const { t } = useTranslation();
  const items = table.columns[itemColumn(table)]?.items ?? [];
  return (
    <div className="row no-print">
      <Select
        aria-label={t("results.table")}
        value={table.position}
        onChange={(position) => set({ table: position, sort: undefined, item: undefined, only: undefined, page: undefined })}
        options={detail.tables.map((one) => ({ value: one.position, label: `${one.name} (${one.rows})` }))}
        popupMatchSelectWidth={false}
      />
      <Input.Search
        aria-label={t("results.search")}
        placeholder={t("results.search")}
        defaultValue={search.find}
        key={search.find ?? ""}
        onSearch={(find) => set({ find: find || undefined, page: undefined })}
        style={{ width: 180 }}
        allowClear
      />
      <Segmented
        value={search.only ?? "all"}
        onChange={(only: string) => set({ only: only === "missing" || only === "undecided" ? only : undefined, page: undefined })}
        options={[
          { value: "all", label: t("results.all") },
          { value: "missing", label: t("results.onlyMissing") },
          { value: "undecided", label: t("results.onlyUndecided") },
        ]}
      />
      {items.length > 0 && (
        <Select
          aria-label={t("results.group")}
          value={search.item ?? ""}
          onChange={(item) => set({ item: item || undefined, page: undefined })}
          options={[{ value: "", label: t("results.all") }, ...items.map((item) => ({ value: item, label: item }))]}
          popupMatchSelectWidth={false}
        />
      )}
    </div>
  );
}

/** By rank when there is one, else in the order of the facts. */
function sorting(table: TableSummary, search: ResultsSearch): { sort: number | undefined; descending: boolean } {
  if (search.sort !== undefined && search.sort < table.columns.length) return { sort: search.sort, descending: !search.up };
  const rank = table.columns.findIndex((column) => column.role === "rank");
  return { sort: rank >= 0 ? rank : undefined, descending: false };
}

/** `only` looks at the main figure: the rank, the total, the seat, or else the first value. */
function mainColumn(table: TableSummary): number {
  const roles = ["rank", "total", "quota", "value"] as const;
  const found = roles.map((role) => table.columns.findIndex((column) => column.role === role));
  return found.find((at) => at >= 0) ?? 0;
}

function filtersOf(table: TableSummary, search: ResultsSearch): string[] {
  const filters = [];
  if (search.only) filters.push(`${mainColumn(table)}=state:${search.only}`);
  if (search.item) filters.push(`${itemColumn(table)}=${search.item}`);
  return filters;
}

function Rows(part: Part) {
  const { t } = useTranslation();
  const { detail, table, search, set } = part;
  const narrow = useNarrow();
  const run = detail.summary.number;
  const { sort, descending } = sorting(table, search);
  const filters = filtersOf(table, search);
  const page = search.page ?? 1;
  const query = {
    ...(sort === undefined ? {} : { sort }),
    descending,
    search: search.find ?? "",
    filters: JSON.stringify(filters),
    offset: (page - 1) * PAGE,
    limit: PAGE,
  };
  const rows = useQuery({
    queryKey: ["table", run, table.position, query],
    queryFn: () =>
      answer(api.GET("/api/runs/{run}/tables/{table}", { params: { path: { run, table: table.position }, query } })),
    placeholderData: keepPreviousData,
  });
  if (rows.isPending) return <Loading />;
  if (rows.error) return <Failure error={rows.error} retry={() => void rows.refetch()} />;
  const { rows_all: all, rows_matched: matched } = rows.data;
  if (matched === 0) {
    const is_filtered = filters.length > 0 || search.find !== undefined;
    return (
      <Nothing text={is_filtered ? t("results.emptyFiltered", { all }) : t("results.empty")}>
        {is_filtered && (
          <Button onClick={() => set({ only: undefined, item: undefined, find: undefined, page: undefined })}>
            {t("results.clear")}
          </Button>
        )}
      </Nothing>
    );
  }
  return (
    <>
      {narrow ? (
        <RowCards {...part} rows={rows.data.rows} />
      ) : (
        <RowTable {...part} rows={rows.data.rows} sort={sort} descending={descending} />
      )}
      <div className="row">
        <span className="lead">{t("results.shown", { matched, all })}</span>
        {matched > PAGE && (
          <Pagination
            size="small"
            current={page}
            pageSize={PAGE}
            total={matched}
            showSizeChanger={false}
            onChange={(wanted) => set({ page: wanted })}
          />
        )}
      </div>
    </>
  );
}

/** Rows behind which a seat line lies, and ranks that several share; only where the table stands by rank. */
function borders(table: TableSummary, rows: Row[], sort: number | undefined): { first: Set<number>; tied: Set<string> } {
  const first = new Set<number>();
  const seen = new Map<string, number>();
  const quota = table.columns.findIndex((column) => column.role === "quota");
  const rank = table.columns.findIndex((column) => column.role === "rank");
  if (rank < 0 || sort !== rank) return { first, tied: new Set() };
  rows.forEach((row, at) => {
    const cell = row.cells[rank];
    if (cell?.state === "present") seen.set(cell.text, (seen.get(cell.text) ?? 0) + 1);
    const before = at > 0 ? rows[at - 1]?.cells[quota] : undefined;
    const own = row.cells[quota];
    if (before && own && before.state === "present" && (own.state !== "present" || own.text !== before.text)) {
      first.add(row.position);
    }
  });
  const shared = [...seen].filter(([, count]) => count > 1).map(([text]) => text);
  return { first, tied: new Set(shared) };
}

function useOpen({ table, set }: Part): (row: Row, column: Column) => (() => void) | undefined {
  const key = table.columns.findIndex((column) => column.role === "key");
  return (row, column) => {
    if (column.value === "") return undefined;
    return () => set({ who: row.cells[key]?.text, value: column.value, row: column.row || undefined });
  };
}

function Subject({ detail, table, row, at }: { detail: RunDetail; table: TableSummary; row: Row; at: number }) {
  const key = table.columns.findIndex((column) => column.role === "key");
  const text = row.cells[at]?.text ?? "";
  const who = row.cells[key]?.text;
  if (table.about === "gaps" || who === undefined) return <>{text}</>;
  return (
    <Link to="/results/$run/people/$key" params={{ run: String(detail.summary.number), key: who }}>
      {text}
    </Link>
  );
}

function RowTable(part: Part & { rows: Row[]; sort: number | undefined; descending: boolean }) {
  const { t } = useTranslation();
  const heading = useHeading();
  const open = useOpen(part);
  const { detail, table, set, rows, sort, descending } = part;
  const { first, tied } = borders(table, rows, sort);
  const columns: TableColumnsType<Row> = table.columns.map((column, at) => {
    const is_name = column.role === "key" || column.role === "name";
    return {
      key: at,
      title: heading(column),
      align: column.kind === "number" ? "right" : "left",
      ...(is_name ? { fixed: "left" as const } : {}),
      width: widthOf(column),
      ellipsis: table.about !== "gaps",
      sorter: true,
      sortDirections: ["descend", "ascend", "descend"],
      sortOrder: sort === at ? (descending ? "descend" : "ascend") : null,
      render: (_, row) => {
        const cell = row.cells[at];
        if (!cell) return null;
        if (is_name) return <Subject detail={detail} table={table} row={row} at={at} />;
        const figure = <Figure cell={cell} column={column} open={open(row, column)} />;
        if (column.role === "rank" && tied.has(cell.text)) {
          return (
            <>
              <Tag color="warning">{t("results.tied")}</Tag> {figure}
            </>
          );
        }
        if (column.role === "quota" && first.has(row.position)) {
          return (
            <>
              {figure} <Tag color="processing">{t("results.seatLine")}</Tag>
            </>
          );
        }
        return figure;
      },
    };
  });
  const width = table.columns.reduce((sum, column) => sum + widthOf(column), 0);
  return (
    <Table
      size="small"
      rowKey="position"
      columns={columns}
      dataSource={rows}
      pagination={false}
      scroll={{ x: width }}
      sticky={{ offsetHeader: 48 }}
      rowClassName={(row) => (first.has(row.position) ? "seat-line" : "")}
      onChange={(_page, _filters, sorter) => {
        const one = Array.isArray(sorter) ? sorter[0] : sorter;
        set({ sort: Number(one?.columnKey), up: one?.order === "ascend" ? true : undefined, page: undefined });
      }}
    />
  );
}

function widthOf(column: Column): number {
  if (column.role === "key" || column.role === "name" || column.role === "period") return 110;
  if (column.role === "note") return 180;
  return Math.max(110, 40 + 15 * (column.name.length + column.unit.length));
}

/** On a phone: name, main figures, the rest behind. */
function RowCards(part: Part & { rows: Row[] }) {
  const { t } = useTranslation();
  const heading = useHeading();
  const open = useOpen(part);
  const { detail, table, rows } = part;
  const order = ["rank", "total", "quota", "value", "note", "row", "period"];
  const values = table.columns
    .map((column, at) => ({ column, at }))
    .filter(({ column }) => column.role !== "key" && column.role !== "name")
    .sort((left, right) => order.indexOf(left.column.role) - order.indexOf(right.column.role));
  const name = table.columns.findIndex((column) => column.role === "name");
  const key = table.columns.findIndex((column) => column.role === "key");
  const line = (row: Row, { column, at }: { column: Column; at: number }) => {
    const cell = row.cells[at];
    return cell ? (
      <div key={at} className="step-line">
        <span className="lead">{heading(column)}</span>
        <Figure cell={cell} column={column} open={open(row, column)} />
      </div>
    ) : null;
  };
  return (
    <div className="card-list">
      {rows.map((row) => (
        <section key={row.position} className="ant-card ant-card-bordered" style={{ padding: 12 }}>
          <div className="card-head">
            <strong>
              <Subject detail={detail} table={table} row={row} at={name >= 0 ? name : key} />
            </strong>
            {name >= 0 && <span className="lead">{row.cells[key]?.text}</span>}
          </div>
          {values.slice(0, 4).map((one) => line(row, one))}
          {values.length > 4 && (
            <details>
              <summary>{t("results.more", { count: values.length - 4 })}</summary>
              {values.slice(4).map((one) => line(row, one))}
            </details>
          )}
        </section>
      ))}
    </div>
  );
}

function Below({ detail, table }: { detail: RunDetail; table: TableSummary }) {
  const { t, i18n } = useTranslation();
  const items = [
    {
      key: "distribution",
      label: t("results.distribution"),
      children: <Distribution key={table.position} run={detail.summary.number} table={table} />,
    },
    {
      key: "gaps",
      label: `${t("results.gaps")} ${detail.gaps.length}`,
      children: (
        <>
          <p className="lead">{t("results.gapsLead")}</p>
          <ul className="steps">
            {detail.gaps.map((gap) => (
              <li key={gap.zh}>
                <Tag {...(gap.is_decision ? { className: "human" } : { color: "warning" })}>
                  {gap.is_decision ? t("results.decision") : t("results.fact")}
                </Tag>
                {i18n.language === "en" ? gap.en : gap.zh}
                <div className="lead">{t("results.gapCount", { count: gap.count, results: gap.results })}</div>
              </li>
            ))}
          </ul>
        </>
      ),
    },
    {
      key: "basis",
      label: t("results.basis"),
      children: (
        <dl className="pairs">
          {detail.notes.map((note, at) => (
            <Note key={at} name={String(note[0])} text={String(note[1])} />
          ))}
        </dl>
      ),
    },
  ];
  return <Collapse items={items} />;
}

function Note({ name, text }: { name: string; text: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </>
  );
}

function Distribution({ run, table }: { run: number; table: TableSummary }) {
  const { t } = useTranslation();
  const { dark } = useSettings();
  const heading = useHeading();
  const [column, setColumn] = useState(mainColumn(table));
  const [form, setForm] = useState<"chart" | "table">("chart");
  const found = useQuery({
    queryKey: ["distribution", run, table.position, column],
    queryFn: () =>
      answer(
        api.GET("/api/runs/{run}/tables/{table}/distribution", {
          params: { path: { run, table: table.position }, query: { column } },
        }),
      ),
  });
  const choices = table.columns
    .map((one, at) => ({ value: at, label: heading(one) }))
    .filter(({ value }) => table.columns[value]?.value !== "");
  if (found.isPending) return <Loading />;
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const labels = found.data.groups.map((group) => (group.to === "" ? group.from : `${plain(group.from)} \u2013 ${plain(group.to)}`));
  const counts = found.data.groups.map((group) => geometry(String(group.count)));
  const one = table.columns[column];
  const title = `${t("results.distribution")} ${one ? heading(one) : ""}`;
  return (
    <div className="stack">
      <div className="row no-print">
        <Select aria-label={t("results.column")} value={column} onChange={setColumn} options={choices} popupMatchSelectWidth={false} />
        <Button size="small" onClick={() => setForm(form === "chart" ? "table" : "chart")}>
          {form === "chart" ? t("results.asTable") : t("results.asChart")}
        </Button>
        {Object.entries(found.data.others).map(([state, count]) => (
          <Tag key={state}>
            {t(`cell.${state as "none" | "exempt" | "undecided" | "missing"}`)} {count}
          </Tag>
        ))}
      </div>
      {form === "chart" ? (
        <Suspense fallback={<Loading />}>
          <Bars labels={labels} counts={counts} title={title} dark={dark} />
        </Suspense>
      ) : (
        <Table
          size="small"
          rowKey="from"
          pagination={false}
          dataSource={found.data.groups.map((group, at) => ({ ...group, label: labels[at] }))}
          columns={[
            { title: t("results.group"), dataIndex: "label" },
            { title: t("results.count"), dataIndex: "count", align: "right" },
          ]}
        />
      )}
    </div>
  );
}
