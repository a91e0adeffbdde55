// One import: how far it is; what became of every row; what to do about those that were not taken.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Progress, Radio, Table, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, key, type Schemas } from "../../api/client";
import { Failure, Faults, Loading } from "../../components/states";
import { Wide } from "../../components/wide";
import { ImportTag } from "./tag";

type Detail = Schemas["ImportDetail"];
type Taking = "good_rows" | "all_or_nothing";

interface Props {
  number: number;
  /** Posts what was checked; not for imports of another visit, whose files may be gone. */
  post?: (taking: Taking) => void;
  busy: boolean;
}

export function Watch({ number, post, busy }: Props) {
  const client = useQueryClient();
  const detail = useQuery({
    queryKey: ["import", number],
    queryFn: async () => {
      const found = await answer(api.GET("/api/imports/{import}", { params: { path: { import: number } } }));
      if (found.summary.state !== "running") {
        for (const queryKey of [["imports"], ["facts"], ["fact-rows"], ["ownership"]]) void client.invalidateQueries({ queryKey });
      }
      return found;
    },
    refetchInterval: (query) => ((query.state.data?.summary.state ?? "running") === "running" ? 300 : false),
  });
  if (detail.error) return <Failure error={detail.error} />;
  if (!detail.data) return <Loading />;
  return detail.data.summary.state === "running" ? (
    <Running detail={detail.data} />
  ) : (
    <Result detail={detail.data} busy={busy} {...(post ? { post } : {})} />
  );
}

function Running({ detail }: { detail: Detail }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { number } = detail.summary;
  const cancel = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/imports/{import}/cancel", { params: { path: { import: number }, header: { "Idempotency-Key": key() } } }),
      ),
    onSettled: () => void client.invalidateQueries(),
  });
  const { progress } = detail;
  const percent = progress && progress.all > 0 ? Math.floor((100 * progress.done) / progress.all) : 0;
  return (
    <section className="stack panel" aria-live="polite">
      <div className="row">
        <ImportTag state="running" />
        {progress ? t("import.progress", { stage: progress.stage, done: progress.done }) : t("runs.waiting")}
        <Button size="small" danger loading={cancel.isPending} onClick={() => cancel.mutate()}>
          {t("import.cancel")}
        </Button>
      </div>
      <Progress percent={percent} status="active" aria-label={t("imported.running")} />
      <p className="lead">{t("import.leave")}</p>
      {cancel.error && <Failure error={cancel.error} />}
    </section>
  );
}

function Result({ detail, post, busy }: { detail: Detail; post?: (taking: Taking) => void; busy: boolean }) {
  const { t } = useTranslation();
  const { summary, trouble } = detail;
  return (
    <section className="stack panel" aria-label={t("import.result", { number: summary.number })}>
      <div className="row" aria-live="polite">
        <h2>{t("import.result", { number: summary.number })}</h2>
        <ImportTag state={summary.state} />
        <span>{useSentence(detail)}</span>
      </div>
      {trouble && <Alert type="error" showIcon title={trouble.message} description={<Faults trouble={trouble} />} />}
      {detail.tables.length > 0 && <Counts detail={detail} />}
      {detail.reasons.length > 0 && <Reasons detail={detail} />}
      {detail.tables.length > 0 && <Controls detail={detail} />}
      <div className="row">
        {detail.has_rejects && <Button href={`/api/imports/${summary.number}/rejects`}>{t("import.rejects")}</Button>}
        {detail.has_rejects && <span className="lead">{t("import.rejectsNote")}</span>}
      </div>
      {summary.state === "checked" && (post ? <Post detail={detail} post={post} busy={busy} /> : <p className="lead">{t("import.again")}</p>)}
    </section>
  );
}

/** What happened, in one sentence. */
function useSentence({ summary, tables }: Detail): string {
  const { t } = useTranslation();
  const { state, rows, taken, rejected } = summary;
  const store = summary.import ?? 0;
  if (state === "posted") return t("import.posted", { store, rows, taken });
  if (state === "partly") return t("import.partly", { store, taken, rejected });
  if (state === "unchanged") return t("import.unchanged");
  if (state === "refused") return t("import.refused");
  if (state === "cancelled") return t("import.cancelled");
  if (state !== "checked") return "";
  if (tables.length === 0) return t("import.nothingReadable");
  return rejected > 0 ? t("import.checkedSome", { rows, rejected }) : t("import.checkedAll", { rows, taken });
}

function Counts({ detail }: { detail: Detail }) {
  const { t } = useTranslation();
  const number = "right" as const;
  return (
    <Wide label={t("import.counts")}>
      <Table
        size="small"
        rowKey={(one) => `${one.table} ${one.file}`}
        pagination={false}
        dataSource={detail.tables}
        columns={[
          {
            title: t("facts.table"),
            render: (_, one) => (
              <>
                {one.table} {one.refused && <Tag color="error">{t("import.tableRefused")}</Tag>}
                {one.same_as != null && <div className="lead">{t("import.sameAs", { number: one.same_as })}</div>}
              </>
            ),
          },
          { title: t("import.file"), dataIndex: "file" },
          { title: t("facts.rows"), dataIndex: "rows", align: number },
          { title: t("import.newRows"), dataIndex: "new", align: number },
          { title: t("import.corrected"), dataIndex: "corrected", align: number },
          { title: t("import.same"), align: number, render: (_, one) => one.unchanged + one.repeated },
          { title: t("import.rejected"), align: number, render: (_, one) => <span className={one.rejected > 0 ? "negative" : undefined}>{one.rejected}</span> },
        ]}
      />
    </Wide>
  );
}

/** What is wrong, by reason: how often, what to do, some places. */
function Reasons({ detail }: { detail: Detail }) {
  const { t } = useTranslation();
  return (
    <div>
      <h3>{t("import.reasons")}</h3>
      <ul className="steps">
        {detail.reasons.map((reason, at) => (
          <li key={at}>
            <div className="row">
              <Tag color={reason.first.is_error ? "error" : "warning"}>{reason.first.code}</Tag>
              <strong>{t("import.times", { count: reason.count })}</strong>
              <span>{reason.first.place}</span>
            </div>
            {reason.first.message} <span className="lead">{reason.first.help}</span>
            {reason.samples.length > 0 && (
              <details>
                <summary>{t("import.samples")}</summary>
                <ul>
                  {reason.samples.map((one) => (
                    <li key={`${one.place} ${one.message}`}>
                      {one.place} {one.message}
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Controls({ detail }: { detail: Detail }) {
  const { t } = useTranslation();
  const agreed = detail.tables.flatMap((one) => one.controls.map((control) => ({ table: one.table, ...control })));
  return (
    <div>
      <h3>{t("import.controls")}</h3>
      {agreed.length === 0 ? (
        <p className="lead">{t("import.noControls")}</p>
      ) : (
        <ul className="plain">
          {agreed.map(({ table, item, value }) => (
            <li key={`${table} ${item}`}>
              <span aria-hidden="true">{"\u2713"} </span>
              {t("import.agreed", { table, item, value })}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** After a check: what to take. */
function Post({ detail, post, busy }: { detail: Detail; post: (taking: Taking) => void; busy: boolean }) {
  const { t } = useTranslation();
  const { summary } = detail;
  const [taking, setTaking] = useState<Taking>("all_or_nothing");
  const good = summary.rows - summary.rejected;
  const clean = summary.rejected === 0 && !detail.reasons.some((reason) => reason.first.is_error);
  if (detail.tables.length === 0 || (summary.rows > 0 && good <= 0)) return <p className="lead">{t("import.nothingGood")}</p>;
  if (summary.rows > 0 && summary.taken === 0) return <p className="lead">{t("import.nothingNew")}</p>;
  return (
    <div className="row">
      {!clean && (
        <Radio.Group
          aria-label={t("import.how")}
          value={taking}
          onChange={(event) => setTaking(event.target.value as Taking)}
          options={[
            { value: "all_or_nothing", label: t("import.allOrNothing") },
            { value: "good_rows", label: t("import.goodRows", { good, rejected: summary.rejected }) },
          ]}
        />
      )}
      <Button type="primary" loading={busy} disabled={!clean && taking === "all_or_nothing"} onClick={() => post(clean ? "all_or_nothing" : taking)}>
        {t("import.post")}
      </Button>
      {!clean && taking === "all_or_nothing" && <span className="lead">{t("import.mendFirst")}</span>}
    </div>
  );
}
