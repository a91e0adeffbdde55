// Importing facts: choose files, check, see what would happen to every row, post; and what was imported before.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, key, type Schemas } from "../../api/client";
import { DocumentChoice, WithDocument } from "../../components/document-choice";
import { FactsHead } from "../../components/facts-head";
import { Failure } from "../../components/states";
import { today } from "../../lib/time";
import { Form, type Draft } from "./form";
import { History } from "./history";
import { Watch } from "./result";

type NewImport = Schemas["NewImport"];

const route = getRouteApi("/import");

export function ImportPage() {
  const { t } = useTranslation();
  const { document } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <WithDocument id={document}>
      {(chosen, all) => (
        <>
          <FactsHead place="import" document={chosen.id} title={t("import.title")} />
          <div className="stack">
            <div className="row">
              <DocumentChoice chosen={chosen} all={all} choose={(id) => void navigate({ search: { document: id } })} />
            </div>
            <Content key={chosen.id} document={chosen.id} />
          </div>
        </>
      )}
    </WithDocument>
  );
}

function Content({ document }: { document: string }) {
  const { watch } = route.useSearch();
  const navigate = route.useNavigate();
  const client = useQueryClient();
  // What the import in view was made of: it can be posted as it was checked.
  const [asked, setAsked] = useState<{ number: number; body: NewImport }>();
  const facts = useQuery({
    queryKey: ["facts", document, undefined],
    queryFn: () => answer(api.GET("/api/documents/{document}/facts", { params: { path: { document } } })),
  });
  const start = useMutation({
    mutationFn: async (body: NewImport) => {
      const header = { "Idempotency-Key": key() };
      const { number } = await answer(
        api.POST("/api/documents/{document}/imports", { params: { path: { document }, header }, body }),
      );
      return { number, body };
    },
    onSuccess: (made) => {
      setAsked(made);
      void client.invalidateQueries({ queryKey: ["imports"] });
      void navigate({ search: (old) => ({ ...old, document, watch: made.number }) });
    },
  });
  const check = (draft: Draft) => start.mutate({ ...draft, taking: "check" });
  const tables = facts.data?.tables.map((one) => one.name) ?? [];
  return (
    <>
      {facts.error && <Failure error={facts.error} />}
      {facts.data?.place === "files" ? (
        <Begin busy={start.isPending} begin={() => start.mutate({ present: true, taking: "check", recorded_on: today() })} />
      ) : (
        <Form document={document} tables={tables} busy={start.isPending} check={check} />
      )}
      {start.error && <Failure error={start.error} />}
      {watch !== undefined && (
        <Watch
          key={watch}
          number={watch}
          {...(asked?.number === watch ? { post: (taking) => start.mutate({ ...asked.body, taking }) } : {})}
          busy={start.isPending}
        />
      )}
      <History document={document} />
    </>
  );
}

/** Facts that are still files become a fact store first. */
function Begin({ busy, begin }: { busy: boolean; begin: () => void }) {
  const { t } = useTranslation();
  return (
    <Alert
      type="info"
      showIcon
      title={t("import.files")}
      description={t("import.filesWhy")}
      action={
        <Button type="primary" loading={busy} onClick={begin}>
          {t("import.begin")}
        </Button>
      }
    />
  );
}
