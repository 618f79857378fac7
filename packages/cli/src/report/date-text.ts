const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;
const DAY_MS = 86_400_000;

/** `30 Apr 2001`, UTC; with the hour and minute where it is not midnight. */
export function dateText(iso: string): string {
  const date = new Date(iso);
  const day = `${date.getUTCDate()} ${monthName(iso)} ${date.getUTCFullYear()}`;
  return date.getTime() % DAY_MS === 0 ? day : `${day} ${iso.slice(11, 16)}`;
}

/** `30 Apr 2001`, UTC, whatever the time of day. */
export function dayText(iso: string): string {
  return dateText(`${iso.slice(0, 10)}T00:00:00Z`);
}

/** `30 Apr`, for axes. */
export function shortDateText(iso: string): string {
  return `${new Date(iso).getUTCDate()} ${monthName(iso)}`;
}

/** `Apr`. */
export function monthName(iso: string): string {
  return MONTHS[new Date(iso).getUTCMonth()]!;
}

/** First to last day of an interval whose end is exclusive: `30 Apr – 6 May 2001`. */
export function periodText(start: string, end: string): string {
  const isWholeDays = Date.parse(start) % DAY_MS === 0 && Date.parse(end) % DAY_MS === 0;
  const last = isWholeDays ? new Date(Date.parse(end) - DAY_MS).toISOString() : end;
  const [from, to] = [dateText(start), dateText(last)];
  if (from === to) return from;
  if (!isWholeDays || from.slice(-4) !== to.slice(-4)) return `${from} – ${to}`;
  return from.slice(-8) === to.slice(-8) ? `${from.slice(0, -9)} – ${to}` : `${from.slice(0, -5)} – ${to}`;
}
