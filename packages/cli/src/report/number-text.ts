/** Between a number and its unit; they stay on one line. */
const GAP = "\u00a0";

/** A score or distance: three decimals below 10, else four significant digits. */
export function scoreText(value: number | null): string {
  if (value === null) return "–";
  if (Math.abs(value) >= 10) return Math.abs(value) >= 10_000 ? countText(value) : String(Number(value.toPrecision(4)));
  return value !== 0 && Math.abs(value) < 0.0005 ? value.toExponential(1) : value.toFixed(3);
}

/** A ratio in per cent, with more decimals where it is small. */
export function percentText(ratio: number | null): string {
  if (ratio === null) return "–";
  const percent = 100 * ratio;
  if (percent > 99 && percent < 100) return `${Math.min(99.99, Number(percent.toFixed(2)))}${GAP}%`;
  if (percent === 0 || Math.abs(percent) >= 10)
    return `${percent.toFixed(percent === 0 || percent === 100 ? 0 : 1)}${GAP}%`;
  return `${Number(percent.toPrecision(2))}${GAP}%`;
}

/** A whole number with separators. */
export function countText(value: number | null): string {
  return value === null ? "–" : Math.round(value).toLocaleString("en-US");
}

/** A size in which numbers are told. */
export interface Unit {
  readonly size: number;
  readonly name: string;
}

const SECONDS: readonly Unit[] = [
  { size: 86_400, name: "d" },
  { size: 3_600, name: "h" },
  { size: 60, name: "min" },
  { size: 1, name: "s" },
  { size: 1e-3, name: "ms" },
  { size: 1e-6, name: "µs" },
];

const BYTES: readonly Unit[] = ["TiB", "GiB", "MiB", "KiB", "B"].map((name, index) => ({
  size: 1024 ** (4 - index),
  name,
}));

const RATES: readonly Unit[] = [
  { size: 1, name: "/ s" },
  { size: 1 / 3_600, name: "/ h" },
  { size: 1 / 86_400, name: "/ d" },
];

/** The unit that suits a duration. */
export function secondsUnit(seconds: number): Unit {
  return unitOf(SECONDS, seconds);
}

/** The binary unit that suits a number of bytes. */
export function bytesUnit(bytes: number): Unit {
  return unitOf(BYTES, bytes);
}

/** The unit that suits a rate. */
export function rateUnit(perSecond: number): Unit {
  return unitOf(RATES, perSecond);
}

/** A duration in the unit that suits it. */
export function secondsText(seconds: number | null): string {
  return seconds === null ? "–" : inUnit(seconds, secondsUnit(seconds));
}

/** Bytes in binary units. */
export function bytesText(bytes: number | null): string {
  return bytes === null ? "–" : inUnit(bytes, bytesUnit(bytes));
}

/** A number per second, hour or day. */
export function rateText(perSecond: number | null): string {
  return perSecond === null ? "–" : inUnit(perSecond, rateUnit(perSecond));
}

/** The unit that suits a share of a core: per cent, or seconds a day where it is next to nothing. */
export function cpuUnit(cores: number): Unit {
  return Math.abs(cores) >= 0.001 || cores === 0 ? { size: 0.01, name: "%" } : { size: 1 / 86_400, name: "s / d" };
}

/** CPU seconds a second. */
export function cpuText(cores: number | null): string {
  return cores === null ? "–" : inUnit(cores, cpuUnit(cores));
}

/** `one incident`, `3 incidents`. */
export function plural(count: number, noun: string): string {
  return `${count === 1 ? "one" : countText(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function unitOf(units: readonly Unit[], value: number): Unit {
  if (value === 0) return units.find(({ size }) => size === 1)!;
  return units.find(({ size }) => Math.abs(value) >= size) ?? units.at(-1)!;
}

function inUnit(value: number, { size, name }: Unit): string {
  return `${Number((value / size).toPrecision(3)).toLocaleString("en-US")}${GAP}${name}`;
}

/** The first letter as a capital. */
export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
