// A replay or a comparison of runs: how far it is, a way to stop it, and what it found.
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button, Progress, Table, Tag } from "antd";
import { useTranslation } from "react-i18next";
import { answer, api, key, type Schemas } from "../api/client";
import { Failure, Faults, Loading } from "../components/states";
import { Wide } from "../components/wide";

type Difference = Schemas["DifferenceView"];
type Part = Schemas["PartView"];

/** Digits of a digest that people compare. */
const DIGITS = 16;

/** A job by its number. */
export function JobPanel({ job }: { job: number }) {
  const { t } = useTranslation();
  const detail = useQuery({
    queryKey: ["job", job],
    queryFn: () => answer(api.GET("/api/jobs/{job}", { params: { path: { job } } })),
    refetchInterval: (query) => ((query.state.data?.state ?? "running") === "running" ? 400 : false),
  });
  const cancel = useMutation({
    mutationFn: () =>
      answer(api.POST("/api/jobs/{job}/cancel", { params: { path: { job }, header: { "Idempotency-Key": key() } } })),
  });
  if (detail.error) return <Failure error={detail.error} />;
  if (!detail.data) return <Loading />;
  const { state, progress, trouble, replay, comparison } = detail.data;
  if (state === "running") {
    const percent = progress && progress.all > 0 ? Math.floor((100 * progress.done) / progress.all) : 0;
    return (
      <section aria-live="polite" className="stack">
        <div className="row">
          {t("jobs.running")}
          <span>
            {!progress
              ? t("runs.waiting")
              : progress.all > 0
                ? t("runs.progress", { stage: progress.stage, done: progress.done, all: progress.all })
                : `${progress.stage} ${progress.done}`}
          </span>
          <Button size="small" danger loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {t("jobs.cancel")}
          </Button>
        </div>
        <Progress percent={percent} status="active" aria-label={t("jobs.running")} />
      </section>
    );
  }
  if (trouble) return <Alert type="error" showIcon title={trouble.message} description={<Faults trouble={trouble} />} />;
  if (replay) return <ReplayFound found={replay} />;
  if (comparison) return <ComparisonFound found={comparison} />;
  return <Alert type="warning" showIcon title={t("run.cancelled")} />;
}

/** Is every byte the same, and if not, what has changed? */
function ReplayFound({ found }: { found: Schemas["ReplayView"] }) {
  const { t } = useTranslation();
  const digest = (of: string) => <code>{of === "" ? t("jobs.none") : of.slice(0, DIGITS)}</code>;
  const thenAndNow = [
    { title: t("jobs.then"), dataIndex: "before", render: digest },
    { title: t("jobs.now"), dataIndex: "after", render: digest },
  ];
  const lost = found.altered.some((one) => !one.is_kept);
  const reason = found.files.every((file) => file.is_same)
    ? t("jobs.edited")
    : lost
      ? t("jobs.lost")
      : found.engine_before === found.engine_now
        ? t("jobs.unexplained")
        : t("jobs.engine", { before: found.engine_before, now: found.engine_now });
  return (
    <section className="stack" aria-live="polite">
      <h2>{t("jobs.replayed", { number: found.run })}</h2>
      <Alert
        type={found.is_same ? "success" : "error"}
        showIcon
        title={found.is_same ? t("jobs.same") : t("jobs.differs")}
        description={found.is_same ? t("jobs.identity", { digest: found.identity }) : reason}
      />
      {found.altered.length > 0 && (
        <Wide label={t("jobs.altered")}>
          <Table
            size="small"
            rowKey="what"
            pagination={false}
            dataSource={found.altered}
            columns={[
              { title: t("jobs.altered"), dataIndex: "what" },
              ...thenAndNow,
              { title: "", render: (_, one) => (one.is_kept ? t("jobs.kept") : "") },
            ]}
          />
        </Wide>
      )}
      <Wide label={t("jobs.file")}>
        <Table
          size="small"
          rowKey="file"
          pagination={false}
          dataSource={found.files}
          columns={[
            { title: t("jobs.file"), dataIndex: "file" },
            ...thenAndNow,
            {
              title: "",
              render: (_, file) => (
                <Tag color={file.is_same ? "success" : "error"}>{file.is_same ? t("jobs.fileSame") : t("jobs.fileDiffers")}</Tag>
              ),
            },
          ]}
        />
      </Wide>
    </section>
  );
}

/** Causes with what they do, then each result with its parts. */
function ComparisonFound({ found }: { found: Schemas["ComparisonView"] }) {
  const { t } = useTranslation();
  const title = t("jobs.compared", { old: found.old, new: found.new });
  if (found.lines_all === 0) {
    return (
      <section className="stack" aria-live="polite">
        <h2>{title}</h2>
        <Alert type="success" showIcon title={t("jobs.nothing", { count: found.compared })} />
      </section>
    );
  }
  return (
    <section className="stack" aria-live="polite">
      <h2>{title}</h2>
      <p className="lead">
        {t("jobs.summary", { periods: found.periods.join(", "), compared: found.compared, people: found.people })}
      </p>
      <h3>{t("jobs.effects")}</h3>
      <Wide label={t("jobs.effects")}>
        <Table
          size="small"
          rowKey="value"
          pagination={found.effects.length > 8 ? { pageSize: 8, showSizeChanger: false } : false}
          dataSource={found.effects}
          columns={[
            { title: t("jobs.value"), dataIndex: "value" },
            { title: t("jobs.people"), dataIndex: "people", align: "right" },
            { title: t("jobs.sum"), dataIndex: "sum", align: "right" },
            { title: t("jobs.moved"), dataIndex: "moved" },
          ]}
        />
      </Wide>
      <h3>{t("jobs.causes")}</h3>
      <p className="lead">{t("jobs.order")}</p>
      <Wide label={t("jobs.causes")}>
        <Table
          size="small"
          rowKey="number"
          pagination={found.causes.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
          dataSource={found.causes.map((cause, at) => ({ ...cause, number: at + 1 }))}
          columns={[
            { title: t("jobs.number"), dataIndex: "number" },
            { title: t("jobs.sort"), dataIndex: "sort" },
            { title: t("jobs.cause"), render: (_, cause) => `${cause.what}${cause.delivery === "" ? "" : ` (${cause.delivery})`}` },
            { title: t("jobs.count"), dataIndex: "count", align: "right" },
            { title: t("jobs.people"), dataIndex: "people", align: "right" },
            { title: t("jobs.sumYuan"), dataIndex: "sum", align: "right" },
          ]}
        />
      </Wide>
      <h3>{t("jobs.lines")}</h3>
      {found.lines_all > found.lines.length && (
        <p className="lead">{t("jobs.shown", { shown: found.lines.length, all: found.lines_all })}</p>
      )}
      <Wide label={t("jobs.lines")}>
        <Table
          size="small"
          rowKey={(line) => `${line.who} ${line.period} ${line.value}`}
          pagination={found.lines.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
          dataSource={found.lines}
          columns={[
            { title: t("jobs.who"), render: (_, line) => <Who line={line} run={found.new} /> },
            { title: t("jobs.value"), render: (_, line) => `${line.value} ${line.period}` },
            { title: t("jobs.before"), dataIndex: "before", align: "right" },
            { title: t("jobs.after"), dataIndex: "after", align: "right" },
            { title: t("jobs.difference"), dataIndex: "difference", align: "right" },
            { title: t("jobs.causes"), render: (_, line) => <Parts parts={line.parts} /> },
          ]}
        />
      </Wide>
    </section>
  );
}

function Who({ line, run }: { line: Difference; run: number }) {
  if (line.key === "") return line.who;
  return (
    <Link to="/results/$run/people/$key" params={{ run: String(run), key: line.key }}>
      {line.who}
    </Link>
  );
}

/** What each cause does to a result; the facts of the person stand below. */
function Parts({ parts }: { parts: Part[] }) {
  return (
    <ul className="parts">
      {parts.map((part) => (
        <li key={part.causes.join("+")}>
          <Tag>{part.causes.join("+")}</Tag>
          {part.difference === "" ? `${part.before} → ${part.after}` : part.difference}
          {part.facts.map((fact) => (
            <div key={fact} className="lead">
              {fact}
            </div>
          ))}
        </li>
      ))}
    </ul>
  );
}
