// A figure that can be opened: every one leads to its explanation.
import { Tag } from "antd";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { amount, isMoney, isNegative, plain } from "../lib/amount";
import { useSettings } from "../lib/settings";

type Cell = Schemas["Cell"];
type Column = Schemas["ColumnSummary"];

/** What a present cell says, in the unit that the person has chosen. */
export function useShown(): (cell: Cell, column: Column) => string {
  const { scale } = useSettings();
  return (cell, column) => {
    if (column.kind !== "number") return cell.text;
    return isMoney(column.unit) ? amount(cell.text, scale) : plain(cell.text);
  };
}

/** Heading with its unit; money in the unit that the person has chosen. */
export function useHeading(): (column: Column) => string {
  const { t } = useTranslation();
  const { scale } = useSettings();
  return (column) => {
    if (column.unit === "") return column.name;
    const unit = isMoney(column.unit) ? t(`unit.${scale}`) : column.unit;
    return `${column.name} (${unit})`;
  };
}

export function Figure({ cell, column, open }: { cell: Cell; column: Column; open?: (() => void) | undefined }) {
  const { t } = useTranslation();
  const shown = useShown();
  const { state } = cell;
  let inside;
  if (state === "present") {
    const negative = column.kind === "number" && isNegative(cell.text);
    inside = (
      <span className={negative ? "negative" : undefined} title={column.kind === "number" ? cell.text + column.unit : undefined}>
        {shown(cell, column)}
      </span>
    );
  } else if (state === "exempt") {
    inside = <span title={t("cell.exempt")}>{"\u2014"}</span>;
  } else if (state === "none") {
    inside = <span>{t("cell.none")}</span>;
  } else {
    inside = (
      <Tag {...(state === "missing" ? { color: "warning" } : { className: "human" })}>
        {t(`cell.${state}`)}
      </Tag>
    );
  }
  if (!open || column.value === "") return inside;
  return (
    <button type="button" className="figure" onClick={open} aria-haspopup="dialog">
      {inside}
    </button>
  );
}
