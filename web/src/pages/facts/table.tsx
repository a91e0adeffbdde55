// The rows of a table of facts, sorted and filtered on the server; each says which file and row it comes from.
import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { Button, Collapse, Input, Select, Tag } from "antd";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Schemas } from "../../api/client";
import { FactsHead } from "../../components/facts-head";
import { Figure, useHeading } from "../../components/figure";
import { KnownAt, NotNow } from "../../components/known-at";
import { Rows, type Head } from "../../components/rows";
import { Failure, Loading, Nothing } from "../../components/states";

type FactTable = Schemas["FactTable"];
type FactColumn = Schemas["FactColumn"];
type FactRow = Schemas["FactRow"];

/** Rows that are asked for at a time. */
const PAGE = 200;

const route = getRouteApi("/facts/$document/$table");

export function FactTablePage() {
  const { t } = useTranslation();
  const { document, table } = route.useParams();
  const { known } = route.useSearch();
  const navigate = route.useNavigate();
  const facts = useQuery({
    queryKey: ["facts", document, known],
    queryFn: () =>
      answer(
        api.GET("/api/documents/{document}/facts", {
          params: { path: { document }, query: known ? { known_at: known } : {} },
        }),
      ),
  });
  const set = (day: string | undefined) => void navigate({ search: (old) => ({ ...old, known: day }) });
  const found = facts.data?.tables.find((one) => one.name === table);
  return (
    <>
      <FactsHead place="tables" document={document} title={table}>
        <KnownAt day={known} set={set} />
      </FactsHead>
      <div className="stack">
        <NotNow day={known} back={() => set(undefined)} />
        {facts.isPending ? (
          <Loading />
        ) : facts.error ? (
          <Failure error={facts.error} />
        ) : found?.state === "there" ? (
          <Content key={`${document} ${table} ${known ?? ""}`} organisation={facts.data.organisation} table={found} />
        ) : (
          <Nothing text={t("facts.absent")}>
            <Link to="/facts" search={{ document, known }}>
              {t("facts.toTables")}
            </Link>
          </Nothing>
        )}
      </div>
    </>
  );
}

function Content({ organisation, table }: { organisation: string; table: FactTable }) {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filters = table.columns.flatMap((column, at) => filtersOf(column, at, t("cell.missing")));
  return (
    <>
      <p className="lead">
        {organisation} {table.title}
      </p>
      <div className="row no-print">
        <Input.Search
          aria-label={t("facts.search")}
          placeholder={t("facts.search")}
          defaultValue={search.find}
          key={search.find ?? ""}
          onSearch={(find) => void navigate({ search: (old) => ({ ...old, find: find || undefined }), replace: true })}
          style={{ width: 220 }}
        />
        {filters.length > 0 && (
          <Select
            aria-label={t("facts.filter")}
            value={search.filter ?? ""}
            onChange={(filter) => void navigate({ search: (old) => ({ ...old, filter: filter || undefined }), replace: true })}
            options={[{ value: "", label: t("results.all") }, ...filters]}
            popupMatchSelectWidth={false}
          />
        )}
        {(search.find !== undefined || search.filter !== undefined) && (
          <Button onClick={() => void navigate({ search: (old) => ({ ...old, find: undefined, filter: undefined }) })}>{t("results.clear")}</Button>
        )}
      </div>
      <List table={table} />
      <Collapse items={[{ key: "columns", label: t("facts.meaning"), children: <Meaning columns={table.columns} /> }]} />
    </>
  );
}

/** What a column can be filtered by: what is missing, and the items of a list. */
function filtersOf(column: FactColumn, at: number, missing: string): { value: string; label: string }[] {
  const { name, items } = column.summary;
  const gaps = column.is_there && column.missing > 0 ? [{ value: `${at}=state:missing`, label: `${name}: ${missing} (${column.missing})` }] : [];
  return [...gaps, ...items.map((item) => ({ value: `${at}=${item}`, label: `${name}: ${item}` }))];
}

function List({ table }: { table: FactTable }) {
  const { t } = useTranslation();
  const { document, table: name } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const heading = useHeading();
  const [pages, setPages] = useState<number[]>([0]);
  const wanted = {
    ...(search.known ? { known_at: search.known } : {}),
    ...(search.sort === undefined ? {} : { sort: search.sort }),
    descending: search.sort !== undefined && !search.up,
    search: search.find ?? "",
    filters: JSON.stringify(search.filter ? [search.filter] : []),
    limit: PAGE,
  };
  const found = useQueries({
    queries: pages.map((page) => ({
      queryKey: ["fact-rows", document, name, wanted, page],
      queryFn: () =>
        answer(
          api.GET("/api/documents/{document}/facts/{name}", {
            params: { path: { document, name }, query: { ...wanted, offset: page * PAGE } },
          }),
        ),
      ...(page === 0 ? { placeholderData: keepPreviousData } : {}),
    })),
  });
  const seen = useCallback((from: number, to: number) => {
    const first = Math.floor(from / PAGE);
    const last = Math.max(first, Math.floor(Math.max(0, to - 1) / PAGE));
    // The first page says how many rows there are, so that it is always asked for.
    const next = [...new Set([0, ...Array.from({ length: last - first + 1 }, (_, at) => first + at)])];
    setPages((old) => (old.join() === next.join() ? old : next));
  }, []);
  const failed = found.find((one) => one.error);
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />;
  const first = found[0]?.data;
  if (!first) return <Loading />;
  if (first.rows_matched === 0) {
    const isFiltered = search.find !== undefined || search.filter !== undefined;
    return <Nothing text={isFiltered ? t("results.emptyFiltered", { all: first.rows_all }) : t("results.empty")} />;
  }
  const row = (at: number): FactRow | undefined => found[pages.indexOf(Math.floor(at / PAGE))]?.data?.rows[at % PAGE];
  const sort = (at: number) => {
    const up = search.sort === at && !search.up ? true : undefined;
    void navigate({ search: (old) => ({ ...old, sort: at, up }), replace: true });
  };
  const heads: Head[] = table.columns.map(({ summary, of, meaning }, at) => ({
    key: at,
    title: heading(summary),
    width: Math.max(110, 40 + 15 * (summary.name.length + summary.unit.length)),
    isNumber: summary.kind === "number",
    note: [of, meaning].filter(Boolean).join("\n"),
    sort: search.sort === at ? (search.up ? "ascending" : "descending") : undefined,
    onSort: () => sort(at),
  }));
  const cells = (at: number) => {
    const one = row(at);
    if (!one) return undefined;
    const values = table.columns.map(({ summary }, column) => {
      const cell = one.cells[column];
      return cell ? <Figure key={column} cell={cell} column={summary} /> : null;
    });
    return [...values, t("facts.source", { file: one.file, row: one.row })];
  };
  return (
    <>
      <Rows
        label={name}
        heads={[...heads, { key: -1, title: t("facts.from"), width: 240, isNumber: false, note: "", sort: undefined, onSort: undefined }]}
        total={first.rows_matched}
        row={cells}
        seen={seen}
      />
      <span className="lead" aria-live="polite">
        {t("results.shown", { matched: first.rows_matched, all: first.rows_all })}
      </span>
    </>
  );
}

/** What each column means. */
function Meaning({ columns }: { columns: FactColumn[] }) {
  const { t } = useTranslation();
  return (
    <dl className="pairs">
      {columns.map(({ summary, of, meaning, is_there, missing }) => (
        <div key={summary.name} style={{ display: "contents" }}>
          <dt>{summary.name}</dt>
          <dd>
            {of} {meaning} {!is_there && <Tag color="warning">{t("facts.neverDelivered")}</Tag>}
            {is_there && missing > 0 && <Tag color="warning">{`${t("cell.missing")} ${missing}`}</Tag>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
