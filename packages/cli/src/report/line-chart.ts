import type { MonitorState } from "@tidemark/semconv";
import { shortDateText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { stateLook } from "./states.ts";
import { createScale, type ValueScale } from "./value-scale.ts";
import type { AxisWindow } from "./window-axis.ts";

const WIDTH = 320;
const HEIGHT = 150;
const LEFT = 44;
const RIGHT = 10;
const TOP = 8;
const BOTTOM = 22;

interface ChartPoint {
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly state: MonitorState | null;
  /** Said when the pointer rests on it. */
  readonly title: string;
}

export interface ChartLine {
  /** One entry a window of the axis; null breaks the line. */
  readonly points: readonly (ChartPoint | null)[];
  /** `main` has dots, states and its interval as a band; `aside` is a thin line with its name at the end. */
  readonly kind: "main" | "aside";
}

export interface LineChartOptions {
  /** What the picture shows, for those who do not see it. */
  readonly label: string;
  readonly axis: readonly AxisWindow[];
  readonly lines: readonly ChartLine[];
  /** Horizontal lines: the reference's value, the warning and the critical line. */
  readonly levels: readonly { readonly value: number; readonly kind: "reference" | "warning" | "critical" }[];
  readonly limits?: readonly [low: number, high: number];
  readonly unit?: number;
  readonly format: (value: number) => string;
}

/** Lines over windows, with 95 % intervals as a band and the state of each window as a mark. Null without a value. */
export function lineChart(options: LineChartOptions): Html | null {
  const { axis, lines, levels, limits, unit } = options;
  const points = lines.flatMap((line) => line.points).filter((point) => point !== null);
  if (points.length === 0) return null;
  const values = points.flatMap(({ value, lower, upper }) => [value, lower ?? value, upper ?? value]);
  const scale = createScale({
    values: [...values, ...levels.map((level) => level.value)],
    length: HEIGHT - TOP - BOTTOM,
    ...(limits === undefined ? {} : { limits }),
    ...(unit === undefined ? {} : { unit }),
  });
  const x = (index: number) => LEFT + ((WIDTH - LEFT - RIGHT) * (index + 0.5)) / axis.length;
  const y = (value: number) => HEIGHT - BOTTOM - scale.position(value);
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${options.label}">
${valueAxis(scale, y, options.format)}${timeAxis(axis, x)}
${levels.map(({ value, kind }) => html`<line class="level ${kind}" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${fixed(y(value))}" y2="${fixed(y(value))}"/>`)}
${lines.map((line) => drawLine(line, x, y))}</svg>`;
}

type Position = (value: number) => number;

function valueAxis(scale: ValueScale, y: Position, format: (value: number) => string): Html[] {
  return scale.ticks.map(
    (tick) =>
      html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${fixed(y(tick))}" y2="${fixed(y(tick))}"/><text x="${LEFT - 6}" y="${fixed(y(tick) + 3.5)}" text-anchor="end">${format(tick)}</text>`,
  );
}

/** Dates under the first window, the last and the middle one, as far as there is room. */
function timeAxis(axis: readonly AxisWindow[], x: Position): Html[] {
  const last = axis.length - 1;
  const shown = axis.length < 3 ? [0, last] : [0, Math.round(last / 2), last];
  return [...new Set(shown)].map((index) => {
    const anchor = last === 0 ? "middle" : index === 0 ? "start" : index === last ? "end" : "middle";
    const at = anchor === "start" ? LEFT : anchor === "end" ? WIDTH - RIGHT : x(index);
    return html`<text x="${fixed(at)}" y="${HEIGHT - 6}" text-anchor="${anchor}">${shortDateText(axis[index]!.start)}</text>`;
  });
}

function drawLine({ points, kind }: ChartLine, x: Position, y: Position): Html {
  const runs = runsOf(points);
  const path = runs.map((run) => pathOf(run.map(({ index, point }) => [x(index), y(point.value)]))).join("");
  if (kind === "aside") return html`<path class="line aside" d="${path}"/>`;
  const bands = runs.map((run) => {
    const upper = run.map(({ index, point }) => [x(index), y(point.upper ?? point.value)] as const);
    const lower = run.map(({ index, point }) => [x(index), y(point.lower ?? point.value)] as const).reverse();
    return run.length > 1 ? `${pathOf([...upper, ...lower])}Z` : whisker(upper[0]!, lower[0]!);
  });
  return html`<path class="band" d="${bands.join("")}"/><path class="line" d="${path}"/>${points.map((point, index) => (point === null ? null : mark(point, x(index), y(point.value))))}`;
}

/** The interval of a point that stands alone. */
function whisker([x, top]: readonly [number, number], [, bottom]: readonly [number, number]): string {
  return `M${fixed(x - 3)} ${fixed(top)}H${fixed(x + 3)}V${fixed(bottom)}H${fixed(x - 3)}Z`;
}

/** A triangle warns, a cross is critical, a hollow dot is not judged yet, a dot is well or only describes. */
function mark({ state, title }: ChartPoint, x: number, y: number): Html {
  const label = html`<title>${state === null ? title : `${title} (${stateLook(state).word})`}</title>`;
  const kind = state ?? "described";
  if (kind === "warning") {
    return html`<path class="mark warning" d="M${fixed(x)} ${fixed(y - 4.5)}l4.2 7.6h-8.4z">${label}</path>`;
  }
  if (kind === "critical") {
    return html`<path class="mark critical" d="M${fixed(x - 3.4)} ${fixed(y - 3.4)}l6.8 6.8m0 -6.8l-6.8 6.8">${label}</path>`;
  }
  const radius = kind === "insufficient_data" || kind === "no_data" ? 2.6 : 2.2;
  return html`<circle class="mark ${kind}" cx="${fixed(x)}" cy="${fixed(y)}" r="${radius}">${label}</circle>`;
}

interface PlacedPoint {
  readonly index: number;
  readonly point: ChartPoint;
}

/** The points without a gap between them, run by run. */
function runsOf(points: readonly (ChartPoint | null)[]): PlacedPoint[][] {
  const runs: PlacedPoint[][] = [];
  points.forEach((point, index) => {
    if (point === null) return;
    if (points[index - 1] == null) runs.push([]);
    runs.at(-1)!.push({ index, point });
  });
  return runs;
}

function pathOf(positions: readonly (readonly number[])[]): string {
  return positions.map(([x, y], index) => `${index === 0 ? "M" : "L"}${fixed(x!)} ${fixed(y!)}`).join("");
}

function fixed(value: number): string {
  return String(Number(value.toFixed(1)));
}
