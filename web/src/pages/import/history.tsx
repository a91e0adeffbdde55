// What was imported before: who, when, which files, how many rows.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Table } from "antd";
import { useTranslation } from "react-i18next";
import { answer, api, type Schemas } from "../../api/client";
import { Failure, Loading, Nothing } from "../../components/states";
import { Wide } from "../../components/wide";
import { minute } from "../../lib/time";
import { ImportTag } from "./tag";

type Summary = Schemas["ImportSummary"];

export function History({ document }: { document: string }) {
  const { t } = useTranslation();
  const imports = useQuery({
    queryKey: ["imports", document],
    queryFn: () => answer(api.GET("/api/imports", { params: { query: { document } } })),
  });
  if (imports.isPending) return <Loading />;
  if (imports.error) return <Failure error={imports.error} retry={() => void imports.refetch()} />;
  return (
    <section aria-label={t("import.history")}>
      <h2>{t("import.history")}</h2>
      {imports.data.length === 0 ? <Nothing text={t("import.empty")} /> : <List document={document} imports={imports.data} />}
    </section>
  );
}

function List({ document, imports }: { document: string; imports: Summary[] }) {
  const { t } = useTranslation();
  const files = (one: Summary) => (one.files.length === 0 ? t("import.present") : one.files.map((file) => file.name).join(", "));
  return (
    <Wide label={t("import.history")}>
      <Table
        size="small"
        rowKey="number"
        dataSource={imports}
        pagination={imports.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
        columns={[
          {
            title: "",
            render: (_, one) => (
              <Link to="/import" search={{ document, watch: one.number }}>
                {t("runs.number", { number: one.number })}
              </Link>
            ),
          },
          { title: t("runs.state"), render: (_, one) => <ImportTag state={one.state} /> },
          { title: t("import.file"), render: (_, one) => <span title={one.files.map((file) => file.sha256).join("\n")}>{files(one)}</span> },
          { title: t("import.day"), dataIndex: "recorded_on" },
          { title: t("import.store"), render: (_, one) => (one.import == null ? "" : t("runs.number", { number: one.import })) },
          { title: t("facts.rows"), dataIndex: "rows", align: "right" },
          { title: t("import.taken"), dataIndex: "taken", align: "right" },
          { title: t("import.rejected"), dataIndex: "rejected", align: "right" },
          { title: t("runs.by"), dataIndex: "started_by" },
          { title: t("runs.started"), render: (_, one) => minute(one.started_at) },
        ]}
      />
    </Wide>
  );
}
