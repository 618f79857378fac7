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
  if (percent === 0 || Math.abs(percent) >= 10) return `${percent.toFixed(percent === 0 || percent === 100 ? 0 : 1)} %`;
  return `${Number(percent.toPrecision(2))} %`;
}

/** A whole number with separators. */
export function countText(value: number | null): string {
  return value === null ? "–" : Math.round(value).toLocaleString("en-US");
}

/** A duration in the unit that suits it. */
export function secondsText(seconds: number | null): string {
  if (seconds === null) return "–";
  const units: readonly (readonly [number, string])[] = [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"],
    [1, "s"],
    [1e-3, "ms"],
  ];
  const [size, unit] = units.find(([length]) => Math.abs(seconds) >= length) ?? [1e-6, "µs"];
  return `${Number((seconds / size).toPrecision(3))} ${unit}`;
}

/** Bytes in binary units. */
export function bytesText(bytes: number | null): string {
  if (bytes === null) return "–";
  const exponent = Math.min(4, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return `${Number((bytes / 1024 ** exponent).toPrecision(3))} ${["B", "KiB", "MiB", "GiB", "TiB"][exponent]}`;
}

/** A rate per second. */
export function rateText(rate: number | null): string {
  return rate === null ? "–" : `${Number(rate.toPrecision(3)).toLocaleString("en-US")}/s`;
}

/** `one incident`, `3 incidents`. */
export function plural(count: number, noun: string): string {
  return `${count === 1 ? "one" : countText(count)} ${noun}${count === 1 ? "" : "s"}`;
}
