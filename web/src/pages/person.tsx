// One person: every figure with its article and its reason, what the next grade still needs, and trials.
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { Alert, Button, Input, Select, Table, Tabs, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Schemas } from "../api/client";
import { ExplainDrawer } from "../components/explain";
import { Figure, useHeading } from "../components/figure";
import { PaperFoot, PaperHead } from "../components/paper";
import { Failure, Loading, Nothing } from "../components/states";
import { Wide } from "../components/wide";

type Person = Schemas["Person"];
type Value = Schemas["PersonValue"];
type Distance = Schemas["DistanceView"];

const route = getRouteApi("/results/$run/people/$key");

export function PersonPage() {
  const { t } = useTranslation();
  const { run: text, key } = route.useParams();
  const run = Number(text);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const person = useQuery({
    queryKey: ["person", run, key],
    queryFn: () => answer(api.POST("/api/runs/{run}/person", { params: { path: { run } }, body: { person: key } })),
  });
  if (person.isPending) return <Loading />;
  if (person.error) return <Failure error={person.error} retry={() => void person.refetch()} />;
  const why = (value: string | undefined, row?: string) =>
    void navigate({ search: (old) => ({ ...old, who: undefined, value, row: row || undefined }), replace: true });
  return (
    <>
      <Head run={run} person={person.data} />
      <PaperHead run={run} />
      <Tabs
        activeKey={search.tab ?? "scores"}
        onChange={(tab) =>
          void navigate({ search: { tab: tab === "distance" || tab === "trial" ? tab : undefined }, replace: true })
        }
        destroyOnHidden
        items={[
          { key: "scores", label: t("person.scores"), children: <Scores person={person.data} why={why} /> },
          { key: "distance", label: t("person.distance"), children: <Distances run={run} person={key} /> },
          { key: "trial", label: t("person.trial"), children: <Trial run={run} person={key} /> },
        ]}
      />
      <PaperFoot run={run} />
      <ExplainDrawer run={run} why={{ ...search, who: key }} close={() => why(undefined)} />
    </>
  );
}

function Head({ run, person }: { run: number; person: Person }) {
  const { t } = useTranslation();
  const beside = (key: string | null | undefined, label: string) =>
    key ? (
      <Link to="/results/$run/people/$key" params={{ run: String(run), key }}>
        <Button>{label}</Button>
      </Link>
    ) : (
      <Button disabled>{label}</Button>
    );
  return (
    <header className="page-head">
      <div>
        <h1>{person.name}</h1>
        <p className="lead">
          {person.key} <Tag>{t("status.trial")}</Tag>{" "}
          <Link to="/results/$run" params={{ run: String(run) }}>
            {t("person.back")}
          </Link>
        </p>
      </div>
      <div className="actions">
        <Button onClick={() => print()}>{t("person.print")}</Button>
        {beside(person.before, t("person.prev"))}
        {beside(person.after, t("person.next"))}
      </div>
    </header>
  );
}

const MAIN = new Set(["total", "rank", "quota"]);

function Scores({ person, why }: { person: Person; why: (value: string, row: string) => void }) {
  const { t } = useTranslation();
  const heading = useHeading();
  return (
    <div className="stack">
      {person.sheets.map((sheet) => (
        <section key={`${sheet.table} ${sheet.period}`}>
          <h2>{sheet.period || sheet.table}</h2>
          <Table<Value>
            size="small"
            pagination={false}
            rowKey={(value) => value.column.name}
            dataSource={[...sheet.values].sort((left, right) => Number(MAIN.has(right.column.role)) - Number(MAIN.has(left.column.role)))}
            columns={[
              { title: t("person.value"), render: (_, value) => <span className={MAIN.has(value.column.role) ? "binding" : undefined}>{heading(value.column)}</span> },
              { title: t("person.article"), render: (_, value) => value.column.article },
              {
                title: t("person.result"),
                align: "right",
                render: (_, value) => (
                  <Figure cell={value.cell} column={value.column} open={() => why(value.column.value, value.column.row)} />
                ),
              },
            ]}
          />
        </section>
      ))}
    </div>
  );
}

function Distances({ run, person }: { run: number; person: string }) {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: ["distance", run, person],
    queryFn: () => answer(api.POST("/api/runs/{run}/distance", { params: { path: { run } }, body: { person } })),
  });
  if (found.isPending) return <Loading />;
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (found.data.length === 0) return <Nothing text={t("person.noDistance")} />;
  return (
    <div className="stack">
      {found.data.map((one) => (
        <DistanceView key={`${one.value} ${one.period}`} distance={one} />
      ))}
    </div>
  );
}

function DistanceView({ distance }: { distance: Distance }) {
  const { t } = useTranslation();
  return (
    <section className="stack">
      <h2>
        {distance.value} {distance.period}
      </h2>
      <dl className="pairs">
        <dt>{t("distance.now")}</dt>
        <dd>{distance.now}</dd>
        <dt>{t("distance.goal")}</dt>
        <dd>{distance.goal ?? t("distance.top")}</dd>
      </dl>
      {distance.is_reached && <Alert type="success" showIcon title={t("distance.reached")} />}
      {distance.waits_for.length > 0 && (
        <Alert type="warning" showIcon title={t("distance.waits")} description={distance.waits_for.map((one) => <div key={one}>{one}</div>)} />
      )}
      {distance.conditions.length > 0 && (
        <Wide label={distance.value}>
        <Table
          size="small"
          pagination={false}
          rowKey={(row) => distance.conditions.indexOf(row)}
          dataSource={distance.conditions}
          columns={[
            {
              title: t("distance.condition"),
              render: (_, row) => <span style={{ paddingLeft: row.level * 16 }}>{row.label}</span>,
            },
            { title: t("distance.need"), dataIndex: "need" },
            { title: t("distance.have"), dataIndex: "have" },
            { title: t("distance.gap"), dataIndex: "gap" },
            {
              title: t("distance.state"),
              render: (_, row) => <Tag color={row.is_binding ? "error" : row.is_met ? "success" : "warning"}>{row.state}</Tag>,
            },
          ]}
        />
        </Wide>
      )}
      {distance.suggestions.length > 0 && (
        <Alert
          type="info"
          showIcon
          title={t("distance.suggest")}
          description={distance.suggestions.map((one) => <div key={one}>{one}</div>)}
        />
      )}
      {distance.why_not !== "" && <p className="lead">{distance.why_not}</p>}
    </section>
  );
}

interface Change {
  field: string;
  value: string;
}

function Trial({ run, person }: { run: number; person: string }) {
  const { t } = useTranslation();
  const [changes, setChanges] = useState<Change[]>([{ field: "", value: "" }]);
  const detail = useQuery({
    queryKey: ["run", run],
    queryFn: () => answer(api.GET("/api/runs/{run}", { params: { path: { run } } })),
  });
  const document = detail.data?.summary.document;
  const version = detail.data?.summary.version;
  const policy = useQuery({
    queryKey: ["document", document, version],
    enabled: document !== undefined,
    queryFn: () =>
      answer(api.GET("/api/documents/{document}", { params: { path: { document: document ?? "" }, query: { version } } })),
  });
  const attempt = useMutation({
    mutationFn: (wanted: [string, string][]) =>
      answer(api.POST("/api/runs/{run}/attempt", { params: { path: { run } }, body: { person, changes: wanted } })),
  });
  const error = detail.error ?? policy.error;
  if (error) return <Failure error={error} />;
  if (!policy.data) return <Loading />;
  if (policy.data.fields.length === 0) return <Nothing text={t("trial.noFields")} />;
  const options = policy.data.fields.map((field) => ({ value: field.name, label: `${field.name} ${field.of}` }));
  const set = (at: number, change: Partial<Change>) =>
    setChanges(changes.map((one, place) => (place === at ? { ...one, ...change } : one)));
  const ready = changes.filter((one) => one.field !== "" && one.value !== "");
  return (
    <div className="stack">
      <Alert type="info" showIcon title={t("trial.lead")} />
      {changes.map((change, at) => (
        <div className="row" key={at}>
          <Select
            aria-label={t("trial.field")}
            placeholder={t("trial.field")}
            style={{ minWidth: 200 }}
            popupMatchSelectWidth={false}
            showSearch
            options={options}
            value={change.field || undefined}
            onChange={(field) => set(at, { field })}
          />
          <Input
            aria-label={t("trial.value")}
            placeholder={t("trial.example")}
            style={{ width: 220 }}
            value={change.value}
            onChange={(event) => set(at, { value: event.target.value })}
          />
          {changes.length > 1 && (
            <Button onClick={() => setChanges(changes.filter((_, place) => place !== at))}>{t("trial.remove")}</Button>
          )}
        </div>
      ))}
      <div className="row">
        <Button onClick={() => setChanges([...changes, { field: "", value: "" }])}>{t("trial.add")}</Button>
        <Button
          type="primary"
          loading={attempt.isPending}
          disabled={ready.length === 0}
          onClick={() => attempt.mutate(ready.map(({ field, value }) => [field, value]))}
        >
          {t("trial.run")}
        </Button>
      </div>
      {attempt.error && <Failure error={attempt.error} />}
      {attempt.data && <Attempt attempt={attempt.data as Schemas["TrialView"]} />}
    </div>
  );
}

function Attempt({ attempt }: { attempt: Schemas["TrialView"] }) {
  const { t } = useTranslation();
  return (
    <section className="stack" aria-live="polite">
      <p>
        {attempt.changes.map((change) => (
          <Tag key={String(change[0])}>
            {String(change[0])}: {String(change[1])} → {String(change[2])}
          </Tag>
        ))}
      </p>
      {attempt.lines.length === 0 ? (
        <p>{t("trial.same")}</p>
      ) : (
        <Table
          size="small"
          pagination={false}
          rowKey={(line) => `${line.value} ${line.period}`}
          dataSource={[...attempt.lines].sort((left, right) => Number(right.is_outcome) - Number(left.is_outcome))}
          columns={[
            { title: t("person.value"), render: (_, line) => <span className={line.is_outcome ? "binding" : undefined}>{line.value}</span> },
            { title: t("trial.before"), dataIndex: "before", align: "right" },
            { title: t("trial.after"), dataIndex: "after", align: "right" },
            { title: t("trial.difference"), dataIndex: "difference", align: "right" },
          ]}
        />
      )}
      {attempt.others > 0 && <p className="lead">{t("trial.others", { count: attempt.others })}</p>}
    </section>
  );
}
