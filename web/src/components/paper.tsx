// What stands on a printed page besides its figures: from which run they are, so that a trial cannot pass for a decision.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";

function useDetail(run: number) {
  const detail = useQuery({
    queryKey: ["run", run],
    queryFn: () => answer(api.GET("/api/runs/{run}", { params: { path: { run } } })),
  });
  return detail.data;
}

/** Organisation, document, version, periods and state of a run; on paper only. */
export function PaperHead({ run }: { run: number }) {
  const { t } = useTranslation();
  const detail = useDetail(run);
  if (!detail) return null;
  const { organisation, title, summary } = detail;
  return (
    <p className="print-only">
      <b>{t("paper.trial")}</b> {organisation} · {title} · {t("home.version", { version: summary.version })} · {summary.periods.join("、")} ·{" "}
      {t("paper.run", { run: summary.number, at: summary.started_at.slice(0, 10) })}
      {summary.known_at && ` · ${t("paper.known", { day: summary.known_at })}`}
    </p>
  );
}

/** Readings, parameters and files of a run; below the figures, on paper only. */
export function PaperFoot({ run }: { run: number }) {
  const detail = useDetail(run);
  if (!detail) return null;
  return (
    <dl className="print-only pairs">
      {detail.notes.map(([label, text]) => (
        <div key={label} className="pair">
          <dt>{label}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
