import type { Store } from "./store.ts";

/** Milliseconds until the year 2109. */
const TIME_BITS = 42n;
const REVISION_BITS = 32n;

/** Version of a row that the latest writing of the latest owner replaces: generation, then time. */
export function rowVersion({ generation = 0 }: Pick<Store, "generation">, nowMs: number): bigint {
  return (BigInt(generation) << TIME_BITS) | BigInt(Math.trunc(nowMs));
}

/** Version of a measurement: generation, then revision. */
export function revisionVersion({ generation = 0 }: Pick<Store, "generation">, revision: number): bigint {
  return (BigInt(generation) << REVISION_BITS) | BigInt(revision);
}

/** SQL of the time in a column that rowVersion made, Unix milliseconds. */
export function versionTimeSql(column: string): string {
  return `bitAnd(${column}, ${(1n << TIME_BITS) - 1n})`;
}

/** SQL of the revision in a column that revisionVersion made. */
export function versionRevisionSql(column: string): string {
  return `toUInt32(bitAnd(${column}, ${(1n << REVISION_BITS) - 1n}))`;
}

/** SQL of the generation in a column that revisionVersion made. */
export function versionGenerationSql(column: string): string {
  return `toUInt32(bitShiftRight(${column}, ${REVISION_BITS}))`;
}
