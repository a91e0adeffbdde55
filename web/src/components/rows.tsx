// Many rows: only those that are seen are in the page, and only their pages are asked for.
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";

/** Height of a row in pixels; app.css says the same. */
const HEIGHT = 36;
/** Rows above and below what is seen. */
const AROUND = 12;
/** Browsers cannot lay out more pixels than these rows take. */
const MOST = 400_000;

export interface Head {
  key: number;
  title: ReactNode;
  width: number;
  isNumber: boolean;
  note: string;
  sort: "ascending" | "descending" | undefined;
  onSort: (() => void) | undefined;
}

interface Props {
  label: string;
  heads: Head[];
  total: number;
  /** The cells of a row; nothing while it is on its way. */
  row: (at: number) => ReactNode[] | undefined;
  /** Hears which rows are seen: from (inclusive), to (exclusive). */
  seen: (from: number, to: number) => void;
}

export function Rows({ label, heads, total, row, seen }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const shown = Math.min(total, MOST);
  const from = Math.max(0, Math.min(shown, Math.floor(view.top / HEIGHT) - AROUND));
  const to = Math.min(shown, Math.ceil((view.top + view.height) / HEIGHT) + AROUND);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => seen(from, to), [seen, from, to]);
  const width = heads.reduce((sum, head) => sum + head.width, 0);
  const indices = Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
  return (
    <div
      ref={box}
      className="rows"
      role="region"
      aria-label={label}
      tabIndex={0}
      onScroll={(event) => setView({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
    >
      <table aria-rowcount={total + 1} style={{ width }}>
        <colgroup>
          {heads.map((head) => (
            <col key={head.key} style={{ width: head.width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {heads.map((head) => (
              <th
                key={head.key}
                scope="col"
                title={head.note || undefined}
                className={head.isNumber ? "number" : undefined}
                {...(head.onSort ? { "aria-sort": head.sort ?? ("none" as const) } : {})}
              >
                {head.onSort ? (
                  <button type="button" onClick={head.onSort}>
                    {head.title}
                    <span aria-hidden="true">{head.sort === "ascending" ? " \u2191" : head.sort === "descending" ? " \u2193" : ""}</span>
                  </button>
                ) : (
                  head.title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {from > 0 && <tr aria-hidden="true" style={{ height: from * HEIGHT }} />}
          {indices.map((at) => (
            <tr key={at} aria-rowindex={at + 2}>
              {(row(at) ?? []).map((cell, column) => (
                <td key={heads[column]?.key ?? column} className={heads[column]?.isNumber ? "number" : undefined}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
          {to < shown && <tr aria-hidden="true" style={{ height: (shown - to) * HEIGHT }} />}
        </tbody>
      </table>
    </div>
  );
}
