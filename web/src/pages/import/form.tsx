// What is handed in: files, which table, which mapping, a control file, the day on which it became known.
import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Collapse, Input, Progress, Select } from "antd";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Schemas } from "../../api/client";
import { handIn, type HandedIn } from "../../api/upload";
import { Failure } from "../../components/states";
import { today } from "../../lib/time";
import { MappingEditor, type Chosen } from "./mapping";

export type Draft = Omit<Schemas["NewImport"], "taking">;

/** The table of changes of ownership: a word of the engine, not of the page. */
const CHANGES = "\u5f52\u5c5e\u53d8\u52a8";

/** What a browser may offer to choose. */
const KINDS = ".csv,.xlsx,.parquet,.json";

interface Coming {
  name: string;
  percent: number;
  kept?: HandedIn;
  error?: unknown;
  stop: AbortController;
}

/** Files on their way to the server and those that have arrived. */
function useFiles(document: string) {
  const [files, setFiles] = useState<Coming[]>([]);
  const change = (name: string, part: Partial<Coming>) =>
    setFiles((old) => old.map((one) => (one.name === name ? { ...one, ...part } : one)));
  const add = (chosen: File[]) => {
    const coming = chosen.map((file) => ({ name: file.name, percent: 0, stop: new AbortController() }));
    // The same name again takes the place of the file before.
    setFiles((old) => [...old.filter((one) => !coming.some(({ name }) => name === one.name)), ...coming]);
    chosen.forEach((file, at) => {
      const stop = coming[at]?.stop ?? new AbortController();
      handIn(document, file, (percent) => change(file.name, { percent }), stop.signal).then(
        (kept) => change(file.name, { kept, percent: 100 }),
        (error: unknown) => !stop.signal.aborted && change(file.name, { error }),
      );
    });
  };
  const remove = (name: string) => {
    files.find((one) => one.name === name)?.stop.abort();
    setFiles((old) => old.filter((one) => one.name !== name));
  };
  return { files, add, remove };
}

export function Form({
  document,
  tables,
  busy,
  check,
}: {
  document: string;
  tables: string[];
  busy: boolean;
  check: (draft: Draft) => void;
}) {
  const { t } = useTranslation();
  const delivery = useFiles(document);
  const control = useFiles(document);
  const [table, setTable] = useState("");
  const [mapping, setMapping] = useState<Chosen>({ source: "", text: "", number: 0 });
  const [day, setDay] = useState(today());
  const [withdraw, setWithdraw] = useState(false);
  const saved = useQuery({
    queryKey: ["mappings", document],
    queryFn: () => answer(api.GET("/api/documents/{document}/mappings", { params: { path: { document } } })),
  });
  const ids = { table: useId(), day: useId() };
  const single = delivery.files.length === 1;
  useEffect(() => {
    if (!single) setTable("");
  }, [single]);
  const ready = delivery.files.length > 0 && [...delivery.files, ...control.files].every((one) => one.kept);
  const kept = (files: Coming[]) => files.flatMap((one) => (one.kept ? [one.kept] : []));
  const submit = () => {
    const [named] = kept(control.files);
    check({
      files: kept(delivery.files),
      table: single ? table : "",
      source: mapping.source,
      mapping: mapping.text,
      ...(named ? { control: named } : {}),
      recorded_on: day,
      withdraw,
    });
  };
  return (
    <section className="stack panel" aria-label={t("import.new")}>
      <h2>{t("import.new")}</h2>
      <Files label={t("import.choose")} note={t("import.chooseNote")} many files={delivery} />
      {single && (
        <div className="row">
          <label htmlFor={ids.table}>{t("import.table")}</label>
          <Select
            id={ids.table}
            value={table}
            onChange={setTable}
            options={[{ value: "", label: t("import.byName") }, ...[...tables, CHANGES].map((name) => ({ value: name, label: name }))]}
            style={{ minWidth: 200 }}
            popupMatchSelectWidth={false}
          />
        </div>
      )}
      <div className="row">
        <label htmlFor={ids.day}>{t("import.day")}</label>
        <Input id={ids.day} type="date" value={day} max={today()} onChange={(event) => setDay(event.target.value)} style={{ width: 150 }} />
        <Checkbox checked={withdraw} onChange={(event) => setWithdraw(event.target.checked)}>
          {t("import.withdraw")}
        </Checkbox>
      </div>
      {withdraw && <Alert type="warning" showIcon title={t("import.withdrawNote")} />}
      <Collapse
        items={[
          {
            key: "mapping",
            label: mapping.source ? t("import.mappingOf", { source: mapping.source }) : t("import.mapping"),
            children: <MappingEditor document={document} saved={saved.data ?? []} chosen={mapping} choose={setMapping} />,
          },
          {
            key: "control",
            label: t("import.control"),
            children: <Files label={t("import.chooseControl")} note={t("import.controlNote")} many={false} files={control} />,
          },
        ]}
      />
      <div className="row">
        <Button type="primary" disabled={!ready} loading={busy} onClick={submit}>
          {t("import.check")}
        </Button>
        <span className="lead">{t("import.checkNote")}</span>
      </div>
    </section>
  );
}

/** A place to choose files or to drop them. */
function Files({ label, note, many, files }: { label: string; note: string; many: boolean; files: ReturnType<typeof useFiles> }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const take = (list: FileList | null) => {
    const chosen = [...(list ?? [])];
    if (!many) files.files.forEach((one) => files.remove(one.name));
    files.add(many ? chosen : chosen.slice(0, 1));
  };
  return (
    <div
      className="drop"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        take(event.dataTransfer.files);
      }}
    >
      <div className="row">
        <Button onClick={() => input.current?.click()}>{label}</Button>
        <span className="lead">{note}</span>
      </div>
      <input
        ref={input}
        type="file"
        multiple={many}
        accept={KINDS}
        hidden
        aria-label={label}
        onChange={(event) => {
          take(event.target.files);
          // The same file can be chosen again after it was mended.
          event.target.value = "";
        }}
      />
      <ul className="steps">
        {files.files.map((one) => (
          <li key={one.name}>
            <div className="row">
              <span>{one.name}</span>
              {!one.kept && !one.error && <Progress percent={one.percent} size="small" style={{ width: 160 }} aria-label={one.name} />}
              {one.kept && (
                <span className="lead">
                  {t("import.bytes", { bytes: one.kept.bytes })} <code title={one.kept.sha256}>{one.kept.sha256.slice(0, 12)}</code>
                </span>
              )}
              <Button size="small" type="text" onClick={() => files.remove(one.name)} aria-label={`${t("import.remove")} ${one.name}`}>
                {t("import.remove")}
              </Button>
            </div>
            {one.error !== undefined && <Failure error={one.error} />}
          </li>
        ))}
      </ul>
    </div>
  );
}
