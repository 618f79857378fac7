import { nearestName } from "@tidemark/semconv";
import { describeValue } from "../safety/warn.ts";

/** Takes a value of a configuration, or says what is wrong with it and gives undefined. */
export type Check<T> = (value: unknown, path: string, problems: string[]) => T | undefined;

/** The values behind the keys of an object, each checked; those absent or unusable are undefined. */
export type Checked<S extends Record<string, Check<unknown>>> = {
  readonly [K in keyof S]?: S[K] extends Check<infer T> ? T | undefined : never;
};

export const text: Check<string> = (value, path, problems) => {
  // A version is written 3 as often as "3".
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (typeof value === "string" && value !== "") return value;
  return refuse(value, path, problems, "text");
};

export const flag: Check<boolean> = (value, path, problems) => {
  if (typeof value === "boolean") return value;
  return refuse(value, path, problems, "true or false");
};

export function number(expected: string, isValid: (value: number) => boolean): Check<number> {
  return (value, path, problems) =>
    typeof value === "number" && isValid(value) ? value : refuse(value, path, problems, expected);
}

export function oneOf<const T extends string>(names: readonly T[]): Check<T> {
  return (value, path, problems) => {
    if (typeof value === "string" && (names as readonly string[]).includes(value)) return value as T;
    const nearest = typeof value === "string" ? nearestName(value, names) : null;
    return refuse(value, path, problems, `one of ${names.join(", ")}${didYouMean(nearest)}`);
  };
}

/** A list; an entry that is unusable is named and left out. */
export function list<T>(entry: Check<T>): Check<readonly T[]> {
  return (value, path, problems) => {
    if (!Array.isArray(value)) return refuse(value, path, problems, "a list");
    return value.flatMap((item, index) => {
      const taken = entry(item, `${path}[${index}]`, problems);
      return taken === undefined ? [] : [taken];
    });
  };
}

/** Any names, each with a value of one kind; an entry that is unusable is named and left out. */
export function record<T>(entry: Check<T>): Check<Readonly<Record<string, T>>> {
  return (value, path, problems) => {
    if (!isPlainObject(value)) return refuse(value, path, problems, "names with values");
    const taken: Record<string, T> = {};
    for (const [key, item] of Object.entries(value)) {
      const found = entry(item, path === "" ? key : `${path}.${key}`, problems);
      if (found !== undefined) taken[key] = found;
    }
    return taken;
  };
}

/** Known keys; an unknown one is named, with the nearest that exists. A key without a value counts as absent. */
export function object<S extends Record<string, Check<unknown>>>(shape: S): Check<Checked<S>> {
  return (value, path, problems) => {
    if (!isPlainObject(value)) return refuse(value, path, problems, `an object with ${Object.keys(shape).join(", ")}`);
    const taken: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      const place = path === "" ? key : `${path}.${key}`;
      const check = Object.hasOwn(shape, key) ? shape[key] : undefined;
      if (check !== undefined) taken[key] = item === null ? undefined : check(item, place, problems);
      else {
        const valid = Object.keys(shape);
        const hint = didYouMean(nearestName(key, valid)) || `; valid here: ${valid.join(", ")}`;
        problems.push(`${place} is not a key${hint}`);
      }
    }
    return taken as Checked<S>;
  };
}

/** The first check that takes the value, if only in part; where none does, `expected` is said once. */
export function either<A, B>(first: Check<A>, second: Check<B>, expected: string): Check<A | B> {
  return (value, path, problems) => {
    for (const check of [first, second]) {
      const found: string[] = [];
      const taken = check(value, path, found);
      if (taken === undefined) continue;
      problems.push(...found);
      return taken;
    }
    return refuse(value, path, problems, expected);
  };
}

function refuse(value: unknown, path: string, problems: string[], expected: string): undefined {
  const found = typeof value === "object" && value !== null ? (Array.isArray(value) ? "a list" : "an object") : null;
  problems.push(`${path === "" ? "the file" : path} is ${found ?? describeValue(value)}, expected ${expected}`);
  return undefined;
}

function didYouMean(nearest: string | null): string {
  return nearest === null ? "" : `; did you mean ${nearest}?`;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
