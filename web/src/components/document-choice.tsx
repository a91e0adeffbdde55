// Which organisation: its regulation and its facts belong together.
import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Schemas } from "../api/client";
import { Failure, Loading, Nothing } from "./states";

type Document = Schemas["DocumentSummary"];

/** What depends on a document: the one of the address, else the first. */
export function WithDocument({ id, children }: { id: string | undefined; children: (one: Document, all: Document[]) => ReactNode }) {
  const { t } = useTranslation();
  const documents = useQuery({ queryKey: ["documents"], queryFn: () => answer(api.GET("/api/documents")) });
  if (documents.isPending) return <Loading />;
  if (documents.error) return <Failure error={documents.error} retry={() => void documents.refetch()} />;
  const chosen = documents.data.find((one) => one.id === id) ?? documents.data[0];
  if (!chosen) return <Nothing text={t("home.empty")} />;
  return <>{children(chosen, documents.data)}</>;
}

export function DocumentChoice({ chosen, all, choose }: { chosen: Document; all: Document[]; choose: (id: string) => void }) {
  const { t } = useTranslation();
  return (
    <Select
      aria-label={t("home.organisation")}
      value={chosen.id}
      onChange={choose}
      options={all.map((one) => ({ value: one.id, label: `${one.organisation} ${one.title}` }))}
      style={{ minWidth: 260, maxWidth: "100%" }}
      popupMatchSelectWidth={false}
    />
  );
}
