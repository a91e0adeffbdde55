// Amounts and scores are text from the server, and stay text: BigInt moves the point, nothing is ever a JavaScript number.

/** How amounts in lists are shown. */
export type Scale = "yuan" | "wan" | "yi";

const PLACES: Record<Scale, number> = { yuan: 0, wan: 4, yi: 8 };
const SHOWN: Record<Scale, number> = { yuan: 2, wan: 2, yi: 4 };

/** The unit in which the server gives money. */
const MONEY_UNITS = new Set(["\u5143", "yuan", "CNY"]);

export function isMoney(unit: string): boolean {
  return MONEY_UNITS.has(unit);
}

interface Parts {
  negative: boolean;
  whole: string;
  decimals: string;
}

function parts(text: string): Parts | undefined {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!found) return undefined;
  return { negative: found[1] === "-", whole: found[2] ?? "0", decimals: found[3] ?? "" };
}

function written({ negative, whole, decimals }: Parts): string {
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  // A real minus sign: a hyphen breaks lines.
  return `${negative ? "\u2212" : ""}${grouped}${decimals === "" ? "" : `.${decimals}`}`;
}

/** A number with separators, all its decimals kept; other texts unchanged. */
export function plain(text: string): string {
  const found = parts(text);
  return found ? written(found) : text;
}

/** An amount in 元 as people want to see it, rounded half away from zero for display only. */
export function amount(text: string, scale: Scale): string {
  const found = parts(text);
  if (!found) return text;
  const drop = found.decimals.length + PLACES[scale] - SHOWN[scale];
  const digits = BigInt(found.whole + found.decimals);
  const unit = 10n ** BigInt(Math.abs(drop));
  const kept = drop > 0 ? (digits + unit / 2n) / unit : digits * unit;
  const shown = kept.toString().padStart(SHOWN[scale] + 1, "0");
  const at = shown.length - SHOWN[scale];
  return written({ negative: found.negative && kept > 0n, whole: shown.slice(0, at), decimals: shown.slice(at) });
}

export function isNegative(text: string): boolean {
  return /^-(?!0*(\.0*)?$)\d/.test(text);
}

/** A number for the geometry of a chart; never shown. */
export function geometry(text: string): number {
  return Number.parseFloat(text);
}
