/** A whole number from here on is no OTLP int. */
const INT64_END = 2 ** 63;
const NUMBER = /^-?\d+(\.\d+)?(e\+\d+)?$/;

/**
 * A number as an event carries it: a whole one of 2^63 or more, positive or negative, as its text ("1e+21"). The JavaScript SDK's JSON exporter
 * writes whole numbers as ints whatever their size, and a Collector refuses the whole request for one that is none.
 */
export function toEventNumber(value: number): number | string {
  return Number.isInteger(value) && Math.abs(value) >= INT64_END ? String(value) : value;
}

/**
 * The number that a text stands for where it is one that `toEventNumber` writes; null for any other text, also for digits that a double does
 * not hold.
 */
export function fromEventNumber(text: string): number | null {
  const first = text.charCodeAt(0);
  // Most texts are names: told by one character.
  if (text.length < 5 || !(first === 45 || (first >= 48 && first <= 57)) || !NUMBER.test(text)) return null;
  const number = Number(text);
  return Number.isFinite(number) && toEventNumber(number) === text ? number : null;
}
