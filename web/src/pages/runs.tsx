// Starting a computation, watching it, stopping it; the list of all.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { Alert, Button, Input, Progress, Select, Table, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, key, type Schemas } from "../api/client";
import { Failure, Faults, Loading, Nothing, RunTag } from "../components/states";
import { Wide } from "../components/wide";
import { minute } from "../lib/time";
import { JobPanel } from "./jobs";

type Run = Schemas["RunSummary"];

const route = getRouteApi("/runs");

export function RunsPage() {
  const { t } = useTranslation();
  const { document, watch, job } = route.useSearch();
  const documents = useQuery({ queryKey: ["documents"], queryFn: () => answer(api.GET("/api/documents")) });
  const runs = useQuery({
    queryKey: ["runs", document],
    queryFn: () => answer(api.GET("/api/runs", { params: { query: document ? { document } : {} } })),
  });
  if (documents.isPending || runs.isPending) return <Loading />;
  if (documents.error) return <Failure error={documents.error} retry={() => void documents.refetch()} />;
  if (runs.error) return <Failure error={runs.error} retry={() => void runs.refetch()} />;
  return (
    <>
      <header className="page-head">
        <h1>{t("runs.title")}</h1>
      </header>
      <div className="stack">
        <Start documents={documents.data} />
        {watch !== undefined && <Watch run={watch} />}
        {job !== undefined && <JobPanel key={job} job={job} />}
        {runs.data.length === 0 ? <Nothing text={t("runs.empty")} /> : <List runs={runs.data} documents={documents.data} />}
      </div>
    </>
  );
}

function Start({ documents }: { documents: Schemas["DocumentSummary"][] }) {
  const { t } = useTranslation();
  const { document } = route.useSearch();
  const navigate = route.useNavigate();
  const client = useQueryClient();
  const [periods, setPeriods] = useState("");
  const chosen = document ?? documents[0]?.id;
  const start = useMutation({
    mutationFn: (wanted: string) =>
      answer(
        api.POST("/api/runs", {
          params: { header: { "Idempotency-Key": key() } },
          body: { document: wanted, periods: periods === "" ? [] : [periods] },
        }),
      ),
    onSuccess: ({ number }) => {
      void client.invalidateQueries({ queryKey: ["runs"] });
      void navigate({ search: (old) => ({ ...old, watch: number }) });
    },
  });
  return (
    <section className="stack">
      <div className="row">
        <Select
          aria-label={t("runs.document")}
          value={chosen}
          onChange={(wanted) => void navigate({ search: { document: wanted } })}
          options={documents.map((one) => ({ value: one.id, label: `${one.organisation} ${one.title}` }))}
          style={{ minWidth: 260, maxWidth: "100%" }}
          popupMatchSelectWidth={false}
        />
        <Input
          aria-label={t("runs.periods")}
          placeholder={t("runs.periods")}
          value={periods}
          onChange={(event) => setPeriods(event.target.value)}
          style={{ width: 200 }}
        />
        <Button type="primary" disabled={!chosen} loading={start.isPending} onClick={() => chosen && start.mutate(chosen)}>
          {t("runs.start")}
        </Button>
      </div>
      <p className="lead">{t("runs.periodsHelp")}</p>
      {start.error && <Failure error={start.error} />}
    </section>
  );
}

/** A run that goes on: how far it is, and a way to stop it. */
function Watch({ run }: { run: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const detail = useQuery({
    queryKey: ["run", run],
    queryFn: async () => {
      const found = await answer(api.GET("/api/runs/{run}", { params: { path: { run } } }));
      if (found.summary.state !== "running") {
        void client.invalidateQueries({ queryKey: ["runs"] });
        void client.invalidateQueries({ queryKey: ["documents"] });
      }
      return found;
    },
    refetchInterval: (query) => ((query.state.data?.summary.state ?? "running") === "running" ? 400 : false),
  });
  const cancel = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/runs/{run}/cancel", { params: { path: { run }, header: { "Idempotency-Key": key() } } }),
      ),
    onSettled: () => void client.invalidateQueries(),
  });
  if (detail.error) return <Failure error={detail.error} />;
  if (!detail.data) return <Loading />;
  const { summary, progress, trouble } = detail.data;
  const name = `${detail.data.organisation} ${t("runs.number", { number: run })}`;
  if (summary.state === "running") {
    const percent = progress && progress.all > 0 ? Math.floor((100 * progress.done) / progress.all) : 0;
    return (
      <section aria-live="polite" className="stack">
        <div className="row">
          {name}
          <span>
            {progress
              ? progress.all > 0
                ? t("runs.progress", { stage: progress.stage, done: progress.done, all: progress.all })
                : progress.stage
              : t("runs.waiting")}
          </span>
          <Button size="small" danger onClick={() => cancel.mutate()}>
            {t("runs.cancel")}
          </Button>
        </div>
        <Progress percent={percent} status="active" aria-label={name} />
        <p className="lead">{t("runs.leave")}</p>
      </section>
    );
  }
  if (trouble) {
    return <Alert type="error" showIcon title={`${name} ${trouble.message}`} description={<Faults trouble={trouble} />} />;
  }
  return (
    <Alert
      type={summary.state === "done" ? "success" : "warning"}
      showIcon
      title={
        <span className="row" aria-live="polite">
          {name} {t(`run.${summary.state}`)}
          {summary.state === "done" && (
            <Link to="/results/$run" params={{ run: String(run) }}>
              {t("runs.open")}
            </Link>
          )}
        </span>
      }
    />
  );
}

/** Starts a replay, or a comparison of two runs, and shows it. */
function useJobs() {
  const navigate = route.useNavigate();
  const header = () => ({ "Idempotency-Key": key() });
  const show = ({ number }: Schemas["Number"]) => void navigate({ search: (old) => ({ ...old, watch: undefined, job: number }) });
  const replay = useMutation({
    mutationFn: (run: number) =>
      answer(api.POST("/api/runs/{run}/replay", { params: { path: { run }, header: header() } })),
    onSuccess: show,
  });
  const compare = useMutation({
    mutationFn: (runs: { old: number; new: number }) =>
      answer(api.POST("/api/comparisons", { params: { header: header() }, body: runs })),
    onSuccess: show,
  });
  return { replay, compare };
}

function List({ runs, documents }: { runs: Run[]; documents: Schemas["DocumentSummary"][] }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<number[]>([]);
  const { replay, compare } = useJobs();
  const [first, second] = [...chosen].sort((left, right) => left - right);
  const error = replay.error ?? compare.error;
  const name = (run: Run) => documents.find((one) => one.id === run.document)?.organisation ?? run.document;
  return (
    <>
    <div className="row">
      <Button
        disabled={chosen.length !== 2}
        loading={compare.isPending}
        onClick={() => first !== undefined && second !== undefined && compare.mutate({ old: first, new: second })}
      >
        {t("jobs.compare")}
      </Button>
      <span className="lead">{t("jobs.choose")}</span>
    </div>
    {error && <Failure error={error} />}
    <Wide label={t("runs.title")}>
    <Table
      size="small"
      rowKey="number"
      dataSource={runs}
      rowSelection={{
        selectedRowKeys: chosen,
        hideSelectAll: true,
        columnTitle: <span className="hidden">{t("jobs.compare")}</span>,
        onChange: (keys) => setChosen(keys.map(Number).slice(-2)),
        getCheckboxProps: (run) => ({
          disabled: run.state !== "done",
          "aria-label": t("jobs.chosen", { number: run.number }),
        }),
      }}
      pagination={runs.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
      columns={[
        { title: "", render: (_, run) => t("runs.number", { number: run.number }) },
        { title: t("runs.document"), render: (_, run) => `${name(run)} ${t("home.version", { version: run.version })}` },
        { title: t("runs.periods"), render: (_, run) => run.periods.join(", ") },
        { title: t("runs.started"), render: (_, run) => minute(run.started_at) },
        { title: t("runs.by"), dataIndex: "started_by" },
        {
          title: t("runs.state"),
          render: (_, run) => (
            <span className="row">
              <RunTag state={run.state} />
              {run.missing > 0 && <Tag color="warning">{t("home.missing", { count: run.missing })}</Tag>}
              {run.undecided > 0 && <Tag className="human">{t("home.undecided", { count: run.undecided })}</Tag>}
            </span>
          ),
        },
        {
          title: "",
          render: (_, run) => (
            <span className="row">
              <Link to="/results/$run" params={{ run: String(run.number) }}>
                {run.state === "failed" ? t("runs.why") : t("runs.open")}
              </Link>
              {run.state === "done" && (
                <Button size="small" aria-label={`${t("jobs.replay")} ${t("runs.number", { number: run.number })}`} onClick={() => replay.mutate(run.number)}>
                  {t("jobs.replay")}
                </Button>
              )}
            </span>
          ),
        },
      ]}
    />
    </Wide>
    </>
  );
}
