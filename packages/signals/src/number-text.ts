/** A ratio as people read it: `0.1234` is "12.3 %". */
export function percentText(ratio: number): string {
  return `${Number((100 * ratio).toFixed(1))} %`;
}

/** A number with four significant digits. */
export function numberText(value: number): string {
  return String(Number(value.toPrecision(4)));
}
