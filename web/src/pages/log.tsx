// Who did what, and whether the log is whole.
import { useMutation, useQuery } from "@tanstack/react-query";
import { Alert, Button, Table } from "antd";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { Failure, Loading } from "../components/states";
import { Wide } from "../components/wide";
import { minute } from "../lib/time";

export function LogPage() {
  const { t } = useTranslation();
  const log = useQuery({ queryKey: ["log"], queryFn: () => answer(api.GET("/api/log", { params: { query: {} } })) });
  const check = useMutation({ mutationFn: () => answer(api.GET("/api/log/check")) });
  if (log.isPending) return <Loading />;
  if (log.error) return <Failure error={log.error} retry={() => void log.refetch()} />;
  return (
    <>
      <header className="page-head">
        <h1>{t("log.title")}</h1>
        <div className="actions">
          <Button type="primary" loading={check.isPending} onClick={() => check.mutate()}>
            {t("log.check")}
          </Button>
        </div>
      </header>
      <div className="stack" aria-live="polite">
        {check.error && <Failure error={check.error} />}
        {check.data && (
          <Alert
            showIcon
            type={check.data.first_bad == null ? "success" : "error"}
            title={
              check.data.first_bad == null
                ? t("log.whole", { entries: check.data.entries })
                : t("log.broken", { number: check.data.first_bad })
            }
          />
        )}
        <Wide label={t("log.title")}>
        <Table
          size="small"
          rowKey="number"
          dataSource={log.data}
          pagination={log.data.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
          columns={[
            { title: t("log.number"), dataIndex: "number", align: "right" },
            { title: t("log.at"), render: (_, entry) => minute(entry.at) },
            { title: t("log.actor"), dataIndex: "actor" },
            { title: t("log.operation"), dataIndex: "operation" },
            { title: t("log.object"), dataIndex: "object" },
            { title: t("log.detail"), dataIndex: "detail" },
            { title: t("log.digest"), render: (_, entry) => <code>{entry.digest.slice(0, 12)}</code> },
          ]}
        />
        </Wide>
      </div>
    </>
  );
}
