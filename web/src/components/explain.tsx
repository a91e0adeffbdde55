// The drawer that answers why: article, formula, the formula with numbers, what it is made of, down to files and rows.
import { useQuery } from "@tanstack/react-query";
import { Alert, App, Breadcrumb, Button, Drawer, Segmented, Tag } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Schemas } from "../api/client";
import { plain } from "../lib/amount";
import { useNarrow } from "../lib/settings";
import type { Why } from "../router";
import { Failure, Loading } from "./states";

type Step = Schemas["Step"];
type Explanation = Schemas["Explanation"];

export function ExplainDrawer({ run, why, close }: { run: number; why: Why; close: () => void }) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const { who = "", value, row } = why;
  const explanation = useQuery({
    queryKey: ["explain", run, who, value, row],
    enabled: value !== undefined,
    queryFn: () =>
      answer(
        api.POST("/api/runs/{run}/explain", {
          params: { path: { run } },
          body: { person: who, value: value ?? "", row: row ?? null },
        }),
      ),
  });
  return (
    <Drawer open={value !== undefined} onClose={close} title={t("why.title")} size={narrow ? "100%" : 600}>
      {explanation.isPending ? (
        <Loading />
      ) : explanation.error ? (
        <Failure error={explanation.error} retry={() => void explanation.refetch()} />
      ) : (
        <Body key={`${who} ${value} ${row}`} explanation={explanation.data as Explanation} />
      )}
    </Drawer>
  );
}

function Body({ explanation }: { explanation: Explanation }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [form, setForm] = useState<"steps" | "text">("steps");
  const copy = () => {
    void navigator.clipboard.writeText(explanation.text).then(() => message.success(t("why.copied")));
  };
  return (
    <div className="stack">
      {explanation.facts_changed && <Alert type="warning" showIcon title={t("results.factsChanged")} />}
      <div className="row no-print">
        <Segmented
          value={form}
          onChange={setForm}
          options={[
            { value: "steps", label: t("why.steps") },
            { value: "text", label: t("why.text") },
          ]}
        />
        <Button size="small" onClick={copy}>
          {t("why.copy")}
        </Button>
      </div>
      {form === "steps" ? <Steps explanation={explanation} /> : <pre className="source">{explanation.text}</pre>}
    </div>
  );
}

/** One step at a time, with the path to it above. Backspace goes up. */
function Steps({ explanation }: { explanation: Explanation }) {
  const { t } = useTranslation();
  const [path, setPath] = useState<number[]>([]);
  const steps = [explanation.step];
  for (const at of path) {
    const next = steps[steps.length - 1]?.children?.[at];
    if (next) steps.push(next);
  }
  const step = steps[steps.length - 1] ?? explanation.step;
  useEffect(() => {
    const up = (event: KeyboardEvent) => {
      if (event.key === "Backspace" && path.length > 0) setPath(path.slice(0, -1));
    };
    addEventListener("keydown", up);
    return () => removeEventListener("keydown", up);
  }, [path]);
  const crumbs = steps.map((one, at) => ({
    title:
      at === steps.length - 1 ? (
        one.label
      ) : (
        <button type="button" className="figure" onClick={() => setPath(path.slice(0, at))}>
          {one.label}
        </button>
      ),
  }));
  return (
    <div className="stack">
      <nav aria-label={t("why.path")}>
        <Breadcrumb items={crumbs} />
      </nav>
      <StepView step={step} articles={explanation.articles} open={(at) => setPath([...path, at])} />
    </div>
  );
}

function StepView({
  step,
  articles,
  open,
}: {
  step: Step;
  articles: Record<string, string>;
  open: (child: number) => void;
}) {
  const { t } = useTranslation();
  return (
    <article className="stack">
      <div className="row">
        <span className="big">{step.text}</span>
        <WaitingTag status={step.status} />
      </div>
      {(step.gaps?.length ?? 0) > 0 && (
        <Alert type="warning" showIcon title={t("why.gaps")} description={step.gaps?.map((gap) => <div key={gap}>{gap}</div>)} />
      )}
      {step.article && (
        <section>
          <h2>
            {t("why.article")} {step.article.heading}
          </h2>
          <p className="prose">{articles[step.article.cite]}</p>
        </section>
      )}
      <Details step={step} />
      {(step.children?.length ?? 0) > 0 && (
        <section>
          <h2>{t("why.parts")}</h2>
          <ul className="steps">
            {step.children?.map((child, at) => (
              <li key={`${child.label} ${at}`}>
                <Part step={child} open={() => open(at)} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </article>
  );
}

function WaitingTag({ status }: { status: string }) {
  const { t } = useTranslation();
  if (status === "missing") return <Tag color="warning">{t("cell.missing")}</Tag>;
  if (status === "undecided") return <Tag className="human">{t("cell.undecided")}</Tag>;
  return null;
}

/** A part of a step: a link when there is more to it. */
function Part({ step, open }: { step: Step; open: () => void }) {
  const { t } = useTranslation();
  const is_leaf = (step.children?.length ?? 0) === 0 && !step.formula && !step.article && !step.cells;
  return (
    <>
      <div className="step-line">
        <span>
          {is_leaf ? (
            step.label
          ) : (
            <button type="button" className="figure" onClick={open}>
              {step.label}
            </button>
          )}{" "}
          {step.article && <Tag>{step.article.cite}</Tag>}
          {step.weight && <Tag>{t("why.weight", { weight: step.weight })}</Tag>}
        </span>
        <strong>{step.text}</strong>
      </div>
      {step.source && <div className="lead">{t("why.source", { file: step.source.file, row: step.source.row })}</div>}
      {is_leaf && step.by && <Ground step={step} />}
    </>
  );
}

function Ground({ step }: { step: Step }) {
  const { t } = useTranslation();
  return (
    <div className="lead">
      {t("why.by")} {step.by} {step.because}
    </div>
  );
}

function Details({ step }: { step: Step }) {
  const { t } = useTranslation();
  const lines: [string, React.ReactNode][] = [];
  if (step.formula) lines.push([t("why.formula"), <pre className="source">{step.formula}</pre>]);
  if (step.substituted) lines.push([t("why.numbers"), <pre className="source">{step.substituted}</pre>]);
  if (step.kind === "rounded" && step.before) {
    lines.push([step.mode ?? "", t("why.rounded", { before: plain(step.before), quantum: plain(step.quantum ?? "") })]);
  } else if (step.before) {
    lines.push(["", t("why.limited", { before: plain(step.before) })]);
  }
  if (step.number?.includes("/")) lines.push([t("why.exact"), step.number]);
  if (step.by) lines.push([t("why.by"), step.by]);
  if (step.because) lines.push([t("why.because"), step.because]);
  if (step.source) lines.push(["", t("why.source", { file: step.source.file, row: step.source.row })]);
  const neighbours = step.neighbours ?? [];
  return (
    <>
      {lines.length > 0 && (
        <dl className="pairs">
          {lines.map(([name, text], at) => (
            <Line key={at} name={name} text={text} />
          ))}
        </dl>
      )}
      {step.cells && (
        <section>
          <h2>{t("why.row")}</h2>
          <dl className="pairs">
            {step.cells.map((cell) => (
              <Line key={String(cell[0])} name={String(cell[0])} text={String(cell[1])} />
            ))}
          </dl>
        </section>
      )}
      {neighbours.length > 0 && (
        <section>
          <h2>{t("why.neighbours")}</h2>
          <ul className="steps">
            {neighbours.map((one) => (
              <li key={`${one.rank} ${one.who}`} className="step-line">
                <span>
                  {one.rank} {one.who}
                </span>
                <strong>{one.keys.join(", ")}</strong>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Line({ name, text }: { name: string; text: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </>
  );
}
