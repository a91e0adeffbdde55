// The tables of facts of an organisation: rows, columns, last delivery, what is missing.
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { Alert, Button, Table, Tag, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { answer, api, type Schemas } from "../../api/client";
import { DocumentChoice, WithDocument } from "../../components/document-choice";
import { FactsHead } from "../../components/facts-head";
import { KnownAt, NotNow } from "../../components/known-at";
import { Failure, Faults, Loading } from "../../components/states";
import { Wide } from "../../components/wide";

type Facts = Schemas["FactsDetail"];
type FactTable = Schemas["FactTable"];

const route = getRouteApi("/facts");

export function FactsPage() {
  const { t } = useTranslation();
  const { document, known } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <WithDocument id={document}>
      {(chosen, all) => (
        <>
          <FactsHead place="tables" document={chosen.id} title={t("facts.title")}>
            <Button href={`/api/documents/${encodeURIComponent(chosen.id)}/template`}>{t("facts.template")}</Button>
            <Link to="/import" search={{ document: chosen.id }}>
              <Button type="primary">{t("facts.import")}</Button>
            </Link>
          </FactsHead>
          <div className="stack">
            <div className="row">
              <DocumentChoice chosen={chosen} all={all} choose={(id) => void navigate({ search: { document: id } })} />
              <KnownAt day={known} set={(day) => void navigate({ search: (old) => ({ ...old, known: day }) })} />
            </div>
            <NotNow day={known} back={() => void navigate({ search: (old) => ({ ...old, known: undefined }) })} />
            <Tables document={chosen.id} known={known} />
          </div>
        </>
      )}
    </WithDocument>
  );
}

function Tables({ document, known }: { document: string; known: string | undefined }) {
  const { t } = useTranslation();
  const facts = useQuery({
    queryKey: ["facts", document, known],
    queryFn: () =>
      answer(
        api.GET("/api/documents/{document}/facts", {
          params: { path: { document }, query: known ? { known_at: known } : {} },
        }),
      ),
  });
  if (facts.isPending) return <Loading />;
  if (facts.error) return <Failure error={facts.error} />;
  return (
    <>
      <Where facts={facts.data} />
      {facts.data.place === "files" && <Alert type="info" showIcon title={t("facts.onlyFiles")} />}
      <Wide label={t("facts.tables")}>
        <List facts={facts.data} known={known} />
      </Wide>
    </>
  );
}

/** Where the facts are, in words. */
function Where({ facts }: { facts: Facts }) {
  const { t } = useTranslation();
  const words = {
    nowhere: t("facts.nowhere"),
    files: t("facts.files"),
    store: facts.imports === 0 ? t("facts.storeEmpty") : t("facts.store", { number: facts.imports, day: facts.recorded_on }),
  };
  return <p className="lead">{words[facts.place]}</p>;
}

function List({ facts, known }: { facts: Facts; known: string | undefined }) {
  const { t } = useTranslation();
  const columns: TableColumnsType<FactTable> = [
    {
      title: t("facts.table"),
      render: (_, one) =>
        one.state === "there" ? (
          <Link to="/facts/$document/$table" params={{ document: facts.document, table: one.name }} search={{ known }}>
            {one.name}
          </Link>
        ) : (
          one.name
        ),
    },
    { title: t("facts.rows"), align: "right", render: (_, one) => (one.state === "there" ? one.rows : "") },
    {
      title: t("facts.columns"),
      align: "right",
      render: (_, one) => {
        const there = one.columns.filter((column) => column.is_there).length;
        return one.state === "there" && there < one.columns.length
          ? t("facts.columnsOf", { there, all: one.columns.length })
          : one.columns.length;
      },
    },
    { title: t("facts.missing"), render: (_, one) => <Missing table={one} /> },
    { title: t("facts.last"), render: (_, one) => <Last table={one} /> },
  ];
  return (
    <Table
      size="small"
      rowKey="name"
      dataSource={facts.tables}
      columns={columns}
      pagination={false}
      expandable={{
        rowExpandable: (one) => one.faults.length > 0,
        defaultExpandedRowKeys: facts.tables.filter((one) => one.state === "faulty").map((one) => one.name),
        expandedRowRender: (one) => <Faults trouble={{ code: "", message: "", faults: one.faults }} />,
      }}
    />
  );
}

function Missing({ table }: { table: FactTable }) {
  const { t } = useTranslation();
  if (table.state === "absent" && !table.is_needed) return <span className="lead">{t("facts.optional")}</span>;
  if (table.state === "absent") return <Tag color="warning">{t("facts.absent")}</Tag>;
  if (table.state === "faulty") return <Tag color="error">{t("facts.faulty")}</Tag>;
  const absent = table.columns.filter((column) => !column.is_there).map((column) => column.summary.name);
  const cells = table.columns.filter((column) => column.is_there && column.missing > 0);
  if (absent.length === 0 && cells.length === 0) return <>{t("facts.complete")}</>;
  return (
    <span className="row">
      {cells.map((column) => (
        <Tag key={column.summary.name} color="warning">
          {t("facts.missingIn", { column: column.summary.name, count: column.missing })}
        </Tag>
      ))}
      {absent.length > 0 && <span className="lead">{t("facts.noColumns", { columns: absent.join(", ") })}</span>}
    </span>
  );
}

function Last({ table }: { table: FactTable }) {
  const { t } = useTranslation();
  const { last } = table;
  if (!last) return <>{table.file}</>;
  return (
    <span title={last.sha256}>
      {t("facts.delivery", { day: last.recorded_on, number: last.import })} {last.file} <span className="lead">{last.by}</span>
    </span>
  );
}
