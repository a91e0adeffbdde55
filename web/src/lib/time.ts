// Times come as UTC and are shown in the time of the reader.

const two = (count: number): string => String(count).padStart(2, "0");

/** `2026-03-09 14:05` */
export function minute(at: string): string {
  const time = new Date(at);
  if (at === "" || Number.isNaN(time.getTime())) return at;
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** `2026-03-09` */
export function day(at: string): string {
  return minute(at).slice(0, 10);
}

/** The day of the reader, `2026-03-09`. */
export function today(): string {
  return day(new Date().toISOString());
}
