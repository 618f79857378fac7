/** How far the traffic is. */
export interface TrafficProgress {
  readonly predictions: number;
  readonly outcomes: number;
  /** Event time that the traffic has reached; null once it is through. */
  readonly departureMs: number | null;
}

const SPAN = { fromMs: Date.UTC(2001, 0, 1), toMs: Date.UTC(2001, 6, 1) };
const BAR_WIDTH = 30;

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const count = new Intl.NumberFormat("en");

/** Reads a line that the traffic process wrote; null for any other line. */
export function parseProgress(line: string): TrafficProgress | null {
  if (!line.startsWith('{"event":')) return null;
  const { event, ...progress } = JSON.parse(line) as TrafficProgress & { event: string };
  return event === "progress" || event === "done" ? progress : null;
}

/** Share of the half year that has passed, in [0, 1]. */
export function progressRatio({ departureMs }: TrafficProgress): number {
  if (departureMs === null) return 1;
  return Math.min(1, Math.max(0, (departureMs - SPAN.fromMs) / (SPAN.toMs - SPAN.fromMs)));
}

/** `[######------]  41 %  15 Mar 2001  131,204 predictions (24,310/s)  129,950 outcomes` */
export function progressLine(progress: TrafficProgress, elapsedSeconds: number): string {
  const ratio = progressRatio(progress);
  const filled = Math.round(ratio * BAR_WIDTH);
  const bar = `[${"#".repeat(filled)}${"-".repeat(BAR_WIDTH - filled)}]`;
  const percent = `${Math.round(ratio * 100)}`.padStart(3);
  const date = `${day.format(progress.departureMs ?? SPAN.toMs)} 2001`.padStart(11);
  const rate = count.format(Math.round(progress.predictions / Math.max(elapsedSeconds, 0.001)));
  const { predictions, outcomes } = progress;
  return `${bar} ${percent} %  ${date}  ${count.format(predictions)} predictions (${rate}/s)  ${count.format(outcomes)} outcomes`;
}
