const SPOILED_NUMBERS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e308, -1, 0];

/** Copies of a value, each with one number or one array of it spoiled. */
function* spoiled(value: unknown): Generator<readonly [unknown, string]> {
  if (typeof value === "number") {
    for (const number of SPOILED_NUMBERS) yield [number, String(number)];
  } else if (Array.isArray(value)) {
    yield [[], "[]"];
    if (value.length > 1) yield [value.slice(0, 1), "one entry"];
    if (value.length > 1) yield [value.map(() => value[0]), "all equal"];
    for (let i = 0; i < value.length; i++) {
      for (const [entry, how] of spoiled(value[i])) yield [value.with(i, entry), `[${i}]: ${how}`];
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      for (const [entry, how] of spoiled(member)) yield [{ ...value, [key]: entry }, `${key}: ${how}`];
    }
  }
}

function* spoiledCalls(args: readonly unknown[]): Generator<readonly [unknown[], string]> {
  for (let i = 0; i < args.length; i++) {
    for (const [entry, how] of spoiled(args[i])) yield [args.with(i, entry), `[${i}]: ${how}`];
  }
}

/** Where a value is NaN, or null. */
export function findNaN(value: unknown, at = "result"): string | null {
  if (typeof value === "number") return Number.isNaN(value) ? at : null;
  if (value === null || typeof value !== "object") return null;
  for (const [key, member] of Object.entries(value)) {
    const found = findNaN(member, `${at}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

/** What the engine says of a length or an offset names no argument of ours. */
function isEngines({ message }: RangeError): boolean {
  return /^(Invalid|Array buffer|Maximum call|start offset|offset is out|precision must|The number)/i.test(message);
}

/**
 * What a function does with each spoiled call that it should not: a NaN somewhere in its answer, or another error than a RangeError of
 * our own.
 */
export function wrongAnswers(run: (...args: unknown[]) => unknown, good: readonly unknown[]): string[] {
  const wrong: string[] = [];
  for (const [args, how] of spoiledCalls(good)) {
    try {
      const found = findNaN(run(...args));
      if (found !== null) wrong.push(`${how} gave NaN at ${found}`);
    } catch (error) {
      if (!(error instanceof RangeError) || isEngines(error)) wrong.push(`${how} threw ${error}`);
    }
  }
  return wrong;
}
