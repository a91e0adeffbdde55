// What every page shows while it waits, when something is missing, and when something went wrong.
import { Alert, Button, Empty, Skeleton, Table, Tag } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Refused, type Schemas, type Trouble } from "../api/client";

type RunState = Schemas["RunState"];

export function Loading() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("state.loading")}>
      <Skeleton active paragraph={{ rows: 8 }} />
    </div>
  );
}

export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const trouble = error instanceof Refused ? error.trouble : undefined;
  const again = retry && (
    <Button size="small" onClick={retry}>
      {t("state.retry")}
    </Button>
  );
  return (
    <Alert
      type="error"
      showIcon
      title={trouble?.message ?? t("state.offline")}
      description={trouble && <Faults trouble={trouble} />}
      action={again}
    />
  );
}

/** Each fault of a document or of files: where, what, and what to do. */
export function Faults({ trouble }: { trouble: Trouble }) {
  if (trouble.faults.length === 0) return null;
  return (
    <Table
      size="small"
      showHeader={false}
      pagination={trouble.faults.length > 20 ? { pageSize: 20 } : false}
      rowKey={(fault) => `${fault.code} ${fault.place} ${fault.message}`}
      dataSource={trouble.faults}
      columns={[
        { dataIndex: "code", render: (code: string, fault) => <Tag color={fault.is_error ? "error" : "warning"}>{code}</Tag> },
        { dataIndex: "place" },
        { dataIndex: "message", render: (message: string, fault) => `${message} ${fault.help}` },
      ]}
    />
  );
}

export function Nothing({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={text}>
      {children}
    </Empty>
  );
}

const COLOUR: Record<RunState, string> = { running: "processing", done: "success", failed: "error", cancelled: "default" };
const ICON: Record<RunState, string> = { running: "\u25d4", done: "\u2713", failed: "!", cancelled: "\u2298" };

export function RunTag({ state }: { state: RunState }) {
  const { t } = useTranslation();
  return (
    <Tag color={COLOUR[state]}>
      <span aria-hidden="true">{ICON[state]} </span>
      {t(`run.${state}`)}
    </Tag>
  );
}
