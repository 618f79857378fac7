/** How far an answer may be from the expected one. */
export interface Tolerance {
  readonly relative: number;
  /** For p-values below 1e-4. */
  readonly farTail: number;
  /** Differences below this pass: where the peer's own rounding is larger than the value. 0 by default. */
  readonly absolute: number;
  /** Expected values smaller than this count as this large. Default: none does. */
  readonly scale?: number;
  /** Members that are p-values beside those named so. Default: none. */
  readonly pValues?: readonly string[];
}

export const DEFAULT_TOLERANCE: Tolerance = { relative: 1e-9, farTail: 1e-6, absolute: 0 };

export type Comparison =
  | { readonly equal: true; readonly relativeError: number }
  | { readonly equal: false; readonly reason: string };

/**
 * Compares an answer with the expected one, member by member.
 *
 * What does not exist is NaN or an error at the peers', null or a thrown RangeError here: these count as equal. Members that are
 * expected must be there; others may be.
 */
export function compare(expected: unknown, actual: unknown, tolerance: Tolerance = DEFAULT_TOLERANCE): Comparison {
  if (actual instanceof RangeError) {
    return isUndefined(expected) ? exactly() : different(`expected ${show(expected)}, threw "${actual.message}"`);
  }
  if (isUndefined(expected)) {
    return isUndefined(actual) ? exactly() : different(`expected no value, got ${show(actual)}`);
  }
  if (typeof expected === "number") return compareNumbers(expected, actual, tolerance);
  if (Array.isArray(expected)) return compareArrays(expected, actual, tolerance);
  if (expected !== null && typeof expected === "object") return compareObjects(expected, actual, tolerance);
  return Object.is(expected, actual) ? exactly() : different(`expected ${show(expected)}, got ${show(actual)}`);
}

function exactly(): Comparison {
  return { equal: true, relativeError: 0 };
}

function different(reason: string): Comparison {
  return { equal: false, reason };
}

/** No value: null, NaN, an error, or an object whose statistic (score, p-value) has none. */
function isUndefined(value: unknown): boolean {
  if (value === null || value === undefined || Number.isNaN(value)) return true;
  if (typeof value !== "object" || Array.isArray(value)) return false;
  const members = value as Record<string, unknown>;
  if ("error" in members) return true;
  const named = ["statistic", "z", "pvalue", "p_value", "score", "value", "distance"].filter((key) => key in members);
  return named.length > 0 && named.every((key) => isUndefined(members[key]));
}

function compareNumbers(expected: number, actual: unknown, tolerance: Tolerance): Comparison {
  const number = typeof actual === "boolean" ? Number(actual) : actual;
  if (typeof number !== "number") return different(`expected ${expected}, got ${show(actual)}`);
  if (expected === number) return exactly();
  const difference = Math.abs(number - expected);
  if (difference <= tolerance.absolute) return exactly();
  const relativeError = difference / Math.max(Math.abs(expected), tolerance.scale ?? Number.MIN_VALUE);
  return relativeError <= tolerance.relative
    ? { equal: true, relativeError }
    : different(`expected ${expected}, got ${number} (relative error ${relativeError.toExponential(2)})`);
}

function compareArrays(expected: readonly unknown[], actual: unknown, tolerance: Tolerance): Comparison {
  if (!isArrayLike(actual)) return different(`expected an array, got ${show(actual)}`);
  if (actual.length !== expected.length) return different(`expected ${expected.length} entries, got ${actual.length}`);
  return worst(expected.map((value, i) => [`[${i}]`, compare(value, actual[i], tolerance)]));
}

function compareObjects(expected: object, actual: unknown, tolerance: Tolerance): Comparison {
  if (actual === null || typeof actual !== "object")
    return different(`expected ${show(expected)}, got ${show(actual)}`);
  const members = actual as Record<string, unknown>;
  return worst(
    Object.entries(expected).map(([key, value]) => [
      `.${key}`,
      key in members ? compare(value, members[key], toleranceOf(key, value, tolerance)) : different("not given"),
    ]),
  );
}

/** A p-value below 1e-4 is in the far tail. */
function toleranceOf(key: string, expected: unknown, tolerance: Tolerance): Tolerance {
  const isPValue = key === "pvalue" || key === "p_value" || tolerance.pValues?.includes(key);
  const isFarTail = isPValue && typeof expected === "number" && expected < 1e-4;
  return isFarTail ? { ...tolerance, relative: Math.max(tolerance.relative, tolerance.farTail) } : tolerance;
}

function worst(members: readonly (readonly [string, Comparison])[]): Comparison {
  let relativeError = 0;
  for (const [name, comparison] of members) {
    if (!comparison.equal) return different(`${name}: ${comparison.reason}`);
    relativeError = Math.max(relativeError, comparison.relativeError);
  }
  return { equal: true, relativeError };
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

function show(value: unknown): string {
  return (
    JSON.stringify(value, (_, member) => (typeof member === "number" ? String(member) : member))?.slice(0, 120) ?? ""
  );
}
