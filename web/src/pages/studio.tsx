// A regulation: read article by article, edited with faults as typed, compared, examined.
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { Alert, Button, Select, Table, Tabs, Tag } from "antd";
import { Suspense, lazy } from "react";
import { useTranslation } from "react-i18next";
import Markdown from "react-markdown";
import remarkGfm from "remark-gfm";
import { answer, api, type Schemas } from "../api/client";
import { Failure, Loading, Nothing } from "../components/states";
import { Wide } from "../components/wide";
import { useNarrow } from "../lib/settings";
import { minute } from "../lib/time";

type Detail = Schemas["DocumentDetail"];
type Article = Schemas["Article"];

const Editor = lazy(() => import("../components/editor"));

const route = getRouteApi("/policies/$document");

export function StudioPage() {
  const { t } = useTranslation();
  const { document } = route.useParams();
  const { tab, version } = route.useSearch();
  const navigate = route.useNavigate();
  const detail = useQuery({
    queryKey: ["document", document, version],
    queryFn: () =>
      answer(
        api.GET("/api/documents/{document}", {
          params: { path: { document }, query: version === undefined ? {} : { version } },
        }),
      ),
  });
  if (detail.isPending) return <Loading />;
  if (detail.error) return <Failure error={detail.error} retry={() => void detail.refetch()} />;
  const tabs = [
    { key: "read", label: t("studio.read"), children: <Reading detail={detail.data} /> },
    { key: "edit", label: t("studio.edit"), children: <Edit detail={detail.data} /> },
    { key: "compare", label: t("studio.compare"), children: <Compare detail={detail.data} /> },
    { key: "health", label: t("studio.health"), children: <Health detail={detail.data} /> },
  ];
  return (
    <>
      <Head detail={detail.data} />
      <Tabs
        activeKey={tab ?? "read"}
        destroyOnHidden
        items={tabs}
        onChange={(wanted) =>
          void navigate({
            search: (old) => ({ ...old, tab: (["edit", "compare", "health"] as const).find((one) => one === wanted) }),
            replace: true,
          })
        }
      />
    </>
  );
}

function Head({ detail }: { detail: Detail }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { summary, versions } = detail;
  return (
    <header className="page-head">
      <div>
        <h1>{summary.title}</h1>
        <p className="lead">
          {summary.organisation} {summary.from} {detail.hash.slice(0, 12)}{" "}
          {detail.check.errors > 0 && <Tag color="error">{t("studio.draft")}</Tag>}
        </p>
      </div>
      <div className="actions">
        <Select
          aria-label={t("home.version", { version: detail.version })}
          value={detail.version}
          onChange={(version) => void navigate({ search: (old) => ({ ...old, version }), replace: true })}
          options={versions.map((one) => ({
            value: one.number,
            label: `${t("home.version", { version: one.number })} ${minute(one.saved_at)} ${one.is_sound ? "" : t("studio.draft")}`,
          }))}
          popupMatchSelectWidth={false}
        />
        <Link to="/runs" search={{ document: summary.id }}>
          <Button>{t("home.run")}</Button>
        </Link>
      </div>
    </header>
  );
}

function Reading({ detail }: { detail: Detail }) {
  const { t } = useTranslation();
  const headed = detail.articles.map((article, at) => ({ article, id: `article-${at}` }));
  return (
    <div className="reading">
      <nav className="toc" aria-label={t("studio.toc")}>
        <ol>
          {headed.map(({ article, id }) => (
            <li key={id} style={{ paddingLeft: Math.max(0, article.level - 1) * 12 }}>
              <a href={`#${id}`}>
                {article.heading} <Coverage article={article} />
              </a>
            </li>
          ))}
        </ol>
      </nav>
      <div>
        {headed.map(({ article, id }) => (
          <ArticleView key={id} id={id} article={article} />
        ))}
      </div>
    </div>
  );
}

/** Does the article have rules, and do its examples hold? */
function Coverage({ article }: { article: Article }) {
  const { t } = useTranslation();
  if (article.failed.length > 0) return <Tag color="error">{t("studio.failed", { count: article.failed.length })}</Tag>;
  if (article.passed > 0) return <Tag color="success">{t("studio.passed", { count: article.passed })}</Tag>;
  if (article.values.length > 0) return <Tag color="warning">{t("studio.noExample")}</Tag>;
  return null;
}

function ArticleView({ article, id }: { article: Article; id: string }) {
  const { t } = useTranslation();
  const text = article.parts.filter((part) => part.kind === "prose" || part.kind === "table");
  const rules = article.parts.filter((part) => part.kind === "rules");
  const examples = article.parts.filter((part) => part.kind === "examples");
  return (
    <section className="article" id={id}>
      {article.level > 0 && (
        <h2>
          {article.heading} <Coverage article={article} />
        </h2>
      )}
      <div className="prose">
        {text.map((part, at) => (
          <Prose key={at} part={part} label={article.heading} />
        ))}
      </div>
      {rules.length > 0 && (
        <details>
          <summary>
            {t("studio.rules")} {article.values.length > 0 && `${t("studio.values")} ${article.values.join(", ")}`}
          </summary>
          {rules.map((part, at) => (
            <pre className="source" key={at}>
              {part.text}
            </pre>
          ))}
        </details>
      )}
      {examples.length > 0 && (
        <details open={article.failed.length > 0}>
          <summary>{t("studio.examples")}</summary>
          {article.failed.map((one) => (
            <Alert
              key={`${one.text} ${one.line}`}
              type="error"
              showIcon
              title={`${one.text}: ${one.expected} ≠ ${one.actual}`}
              description={t("studio.line", { line: one.line })}
            />
          ))}
          {examples.map((part, at) => (
            <pre className="source" key={at}>
              {part.text}
            </pre>
          ))}
        </details>
      )}
    </section>
  );
}

/** Text for people; tables scroll by themselves. */
function Prose({ part, label }: { part: Schemas["ArticlePart"]; label: string }) {
  const text = (
    <Markdown remarkPlugins={[remarkGfm]} skipHtml>
      {part.text}
    </Markdown>
  );
  return part.kind === "table" ? <Wide label={label}>{text}</Wide> : text;
}

function Edit({ detail }: { detail: Detail }) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  if (narrow) return <Nothing text={t("studio.onDesk")} />;
  return (
    <Suspense fallback={<Loading />}>
      <Editor key={detail.version} detail={detail} />
    </Suspense>
  );
}

function Compare({ detail }: { detail: Detail }) {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const document = detail.summary.id;
  const old = search.old ?? detail.version - 1;
  const found = useQuery({
    queryKey: ["amendments", document, old, detail.version],
    enabled: old >= 1,
    queryFn: () =>
      answer(
        api.GET("/api/documents/{document}/amendments", {
          params: { path: { document }, query: { old, new: detail.version } },
        }),
      ),
  });
  if (detail.versions.length < 2 || old < 1) return <Nothing text={t("studio.oneVersion")} />;
  if (found.isPending) return <Loading />;
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const earlier = detail.versions.filter((one) => one.number !== detail.version);
  return (
    <div className="stack">
      <div className="row">
        {t("studio.old")}
        <Select
          aria-label={t("studio.old")}
          value={old}
          onChange={(wanted) => void navigate({ search: (now) => ({ ...now, old: wanted }), replace: true })}
          options={earlier.map((one) => ({ value: one.number, label: t("home.version", { version: one.number }) }))}
        />
        {t("studio.new")} {t("home.version", { version: detail.version })}
      </div>
      {found.data.length === 0 && <Nothing text={t("studio.same")} />}
      {found.data.map((one, at) => (
        <section key={at} className="article">
          <h2>
            {one.article} <Tag>{one.what}</Tag>
            <Tag>{one.change}</Tag> {one.name}
          </h2>
          <pre className="source">
            {one.pieces.map((piece, place) => (
              <Redline key={place} piece={piece} />
            ))}
          </pre>
        </section>
      ))}
    </div>
  );
}

/** Marked by a word as well as by colour. */
function Redline({ piece }: { piece: Schemas["Piece"] }) {
  const { t } = useTranslation();
  if (piece.mark === "added") {
    return (
      <ins>
        <span className="mark">{t("studio.added")}</span>
        {piece.text}
      </ins>
    );
  }
  if (piece.mark === "removed") {
    return (
      <del>
        <span className="mark">{t("studio.removed")}</span>
        {piece.text}
      </del>
    );
  }
  return <>{piece.text}</>;
}

function Health({ detail }: { detail: Detail }) {
  const { t } = useTranslation();
  const document = detail.summary.id;
  const found = useQuery({
    queryKey: ["health", document, detail.version],
    queryFn: () =>
      answer(
        api.GET("/api/documents/{document}/versions/{version}/health", {
          params: { path: { document, version: detail.version } },
        }),
      ),
  });
  if (found.isPending) return <Loading />;
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (found.data.length === 0) return <Nothing text={t("studio.healthy")} />;
  return (
    <Wide label={t("studio.health")}>
    <Table
      size="small"
      showHeader={false}
      pagination={false}
      rowKey={(one) => `${one.check} ${one.line} ${one.message}`}
      dataSource={found.data}
      columns={[
        { render: (_, one) => <Tag>{one.severity}</Tag> },
        { render: (_, one) => one.check },
        { render: (_, one) => `${one.article} ${t("studio.line", { line: one.line })}` },
        {
          render: (_, one) => (
            <>
              {one.message}
              <div className="lead">{one.help}</div>
            </>
          ),
        },
      ]}
    />
    </Wide>
  );
}
