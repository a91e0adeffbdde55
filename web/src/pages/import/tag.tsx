// The state of an import: icon, word and colour.
import { Tag } from "antd";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";

type State = Schemas["ImportState"];

const COLOUR: Record<State, string> = {
  running: "processing",
  checked: "processing",
  posted: "success",
  partly: "warning",
  unchanged: "default",
  refused: "error",
  failed: "error",
  cancelled: "default",
};
const ICON: Record<State, string> = {
  running: "\u25d4",
  checked: "\u25d1",
  posted: "\u2713",
  partly: "\u25d5",
  unchanged: "=",
  refused: "!",
  failed: "!",
  cancelled: "\u2298",
};

export function ImportTag({ state }: { state: State }) {
  const { t } = useTranslation();
  return (
    <Tag color={COLOUR[state]}>
      <span aria-hidden="true">{ICON[state]} </span>
      {t(`imported.${state}`)}
    </Tag>
  );
}
