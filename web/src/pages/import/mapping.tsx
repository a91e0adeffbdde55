// How the files of a source fit the tables: one that was saved, or a new one.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Input, Select } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, key, Refused, type Schemas } from "../../api/client";
import { Failure } from "../../components/states";
import { minute } from "../../lib/time";

type Saved = Schemas["MappingSummary"];

/** The mapping of an import, and the saved one that it was made from. */
export interface Chosen {
  source: string;
  text: string;
  number: number;
}

interface Props {
  document: string;
  saved: Saved[];
  chosen: Chosen;
  choose: (chosen: Chosen) => void;
}

export function MappingEditor({ document, saved, chosen, choose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const ids = { saved: useId(), name: useId(), text: useId() };
  const save = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/documents/{document}/mappings", {
          params: { path: { document }, header: { "Idempotency-Key": key() } },
          body: { source: chosen.source, after: saved.find((one) => one.source === chosen.source) ? chosen.number : 0, text: chosen.text },
        }),
      ),
    onSuccess: ({ number }) => {
      choose({ ...chosen, number });
      void client.invalidateQueries({ queryKey: ["mappings"] });
    },
  });
  const pick = (source: string) => {
    const one = saved.find((other) => other.source === source);
    save.reset();
    choose(one ? { source, text: one.text, number: one.number } : { source: "", text: "", number: 0 });
  };
  const used = saved.find((one) => one.source === chosen.source);
  const isConflict = save.error instanceof Refused && save.error.status === 409;
  return (
    <div className="stack">
      <p className="lead">{t("import.mappingNote")}</p>
      <div className="row">
        <label htmlFor={ids.saved}>{t("import.saved")}</label>
        <Select
          id={ids.saved}
          value={used ? chosen.source : ""}
          onChange={pick}
          options={[{ value: "", label: t("import.noMapping") }, ...saved.map((one) => ({ value: one.source, label: one.source }))]}
          style={{ minWidth: 180 }}
          popupMatchSelectWidth={false}
        />
        {used && <span className="lead">{t("import.savedBy", { number: used.number, by: used.saved_by, at: minute(used.saved_at) })}</span>}
      </div>
      <label htmlFor={ids.text}>{t("import.mappingText")}</label>
      <Input.TextArea
        id={ids.text}
        className="code"
        value={chosen.text}
        onChange={(event) => choose({ ...chosen, text: event.target.value })}
        rows={8}
        spellCheck={false}
      />
      <div className="row">
        <label htmlFor={ids.name}>{t("import.sourceName")}</label>
        <Input
          id={ids.name}
          value={chosen.source}
          onChange={(event) => choose({ ...chosen, source: event.target.value })}
          style={{ width: 180 }}
        />
        <Button disabled={!chosen.source.trim() || !chosen.text.trim()} loading={save.isPending} onClick={() => save.mutate()}>
          {t("import.saveMapping")}
        </Button>
        {save.isSuccess && <span aria-live="polite">{t("studio.saved", { number: save.data.number })}</span>}
      </div>
      {isConflict ? <Alert type="warning" showIcon title={t("import.mappingConflict")} /> : save.error && <Failure error={save.error} />}
    </div>
  );
}
