// As of when: what was known by a day. Anything but now says so over the page.
import { Alert, Button, Input } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { today } from "../lib/time";

export function KnownAt({ day, set }: { day: string | undefined; set: (day: string | undefined) => void }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <span className="pair">
      <label htmlFor={id}>{t("known.label")}</label>
      <Input
        id={id}
        type="date"
        max={today()}
        value={day ?? ""}
        onChange={(event) => set(event.target.value || undefined)}
        style={{ width: 150 }}
      />
    </span>
  );
}

export function NotNow({ day, back }: { day: string | undefined; back: () => void }) {
  const { t } = useTranslation();
  if (day === undefined) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={t("known.notNow", { day })}
      action={
        <Button size="small" onClick={back}>
          {t("known.back")}
        </Button>
      }
    />
  );
}
