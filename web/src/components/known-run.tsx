// Results as known on another day: a run that is there, or a new one.
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, key, type Schemas } from "../api/client";
import { KnownAt } from "./known-at";
import { Failure } from "./states";

type Summary = Schemas["RunSummary"];

export function KnownRun({ summary }: { summary: Summary }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { document, version, periods, import: last, known_at: known } = summary;
  const [day, setDay] = useState<string | undefined>(known || undefined);
  const show = useMutation({
    mutationFn: async (known_at: string) => {
      const runs = await answer(api.GET("/api/runs", { params: { query: { document } } }));
      const same = runs.find(
        (one) => one.state === "done" && one.version === version && one.known_at === known_at && one.periods.join() === periods.join(),
      );
      if (same) return { number: same.number, isThere: true };
      const header = { "Idempotency-Key": key() };
      const { number } = await answer(api.POST("/api/runs", { params: { header }, body: { document, version, periods, known_at } }));
      return { number, isThere: false };
    },
    onSuccess: ({ number, isThere }) =>
      void (isThere
        ? navigate({ to: "/results/$run", params: { run: String(number) } })
        : navigate({ to: "/runs", search: { document, watch: number } })),
  });
  // Files have no past; what is being computed is not there yet.
  if (last == null || summary.state !== "done") return null;
  return (
    <div className="row no-print">
      <span className="lead">{known ? t("known.ofDay", { day: known }) : t("known.ofRun", { number: last })}</span>
      <KnownAt day={day} set={setDay} />
      <Button disabled={!day || day === known} loading={show.isPending} onClick={() => day && show.mutate(day)}>
        {t("known.then")}
      </Button>
      {show.error && <Failure error={show.error} />}
    </div>
  );
}
