// Every regulation with its facts and its last results.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Table, Tag, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { answer, api, type Schemas } from "../api/client";
import { Failure, Loading, Nothing, RunTag } from "../components/states";
import { useNarrow } from "../lib/settings";
import { day } from "../lib/time";

type Document = Schemas["DocumentSummary"];

export function HomePage() {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const documents = useQuery({ queryKey: ["documents"], queryFn: () => answer(api.GET("/api/documents")) });
  return (
    <>
      <header className="page-head">
        <div>
          <h1>{t("home.title")}</h1>
          <p className="lead">{t("home.lead")}</p>
        </div>
      </header>
      {documents.isPending ? (
        <Loading />
      ) : documents.error ? (
        <Failure error={documents.error} retry={() => void documents.refetch()} />
      ) : documents.data.length === 0 ? (
        <Nothing text={t("home.empty")} />
      ) : narrow ? (
        <Cards documents={documents.data} />
      ) : (
        <List documents={documents.data} />
      )}
    </>
  );
}

function List({ documents }: { documents: Document[] }) {
  const { t } = useTranslation();
  const columns: TableColumnsType<Document> = [
    {
      title: t("home.organisation"),
      dataIndex: "organisation",
      render: (name: string, one) => (
        <>
          {name} <Demo document={one} />
        </>
      ),
    },
    {
      title: t("home.policy"),
      dataIndex: "title",
      render: (title: string, one) => (
        <Link to="/policies/$document" params={{ document: one.id }}>
          {title}
        </Link>
      ),
    },
    { title: t("home.from"), render: (_, one) => <State document={one} /> },
    { title: t("home.lastRun"), render: (_, one) => <LastRun document={one} /> },
    { title: "", align: "right", render: (_, one) => <Actions document={one} /> },
  ];
  return <Table size="middle" rowKey="id" dataSource={documents} columns={columns} pagination={false} />;
}

function Cards({ documents }: { documents: Document[] }) {
  return (
    <div className="card-list">
      {documents.map((one) => (
        <section key={one.id} className="ant-card ant-card-bordered" style={{ padding: 12 }}>
          <div className="card-head">
            <strong>{one.organisation}</strong>
            <Demo document={one} />
          </div>
          <p className="lead">{one.title}</p>
          <p>
            <State document={one} />
          </p>
          <div className="stack">
            <LastRun document={one} />
            <Actions document={one} />
          </div>
        </section>
      ))}
    </div>
  );
}

function Demo({ document }: { document: Document }) {
  const { t } = useTranslation();
  return document.is_demonstration ? <Tag color="warning">{t("status.demo")}</Tag> : null;
}

function State({ document }: { document: Document }) {
  const { t } = useTranslation();
  const version = t("home.version", { version: document.version });
  if (document.errors > 0) {
    return (
      <>
        {version} <Tag color="error">{t("home.errors", { count: document.errors })}</Tag>
      </>
    );
  }
  return (
    <>
      {document.from} {version}
    </>
  );
}

function LastRun({ document }: { document: Document }) {
  const { t } = useTranslation();
  const run = document.last_run;
  if (!run) return <>{t("home.noRun")}</>;
  return (
    <span className="row">
      <RunTag state={run.state} />
      {run.periods.join(", ")} {day(run.started_at)}
      <span>{t("home.complete", { count: run.complete })}</span>
      {run.missing > 0 && <Tag color="warning">{t("home.missing", { count: run.missing })}</Tag>}
      {run.undecided > 0 && <Tag className="human">{t("home.undecided", { count: run.undecided })}</Tag>}
    </span>
  );
}

function Actions({ document }: { document: Document }) {
  const { t } = useTranslation();
  const run = document.last_run;
  return (
    <span className="row">
      {run?.state === "done" && (
        <Link to="/results/$run" params={{ run: String(run.number) }}>
          {t("home.results")}
        </Link>
      )}
      <Link to="/policies/$document" params={{ document: document.id }}>
        {t("home.read")}
      </Link>
      <Link to="/runs" search={{ document: document.id }}>
        {t("home.run")}
      </Link>
    </span>
  );
}
