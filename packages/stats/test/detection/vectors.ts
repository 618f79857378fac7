import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import type { BinKind, EDetectorState } from "@tidemark/stats";

export interface DetectionVectors {
  readonly profiles: readonly ProfileVector[];
  readonly windows: readonly WindowVector[];
  readonly slot_windows: readonly SlotWindowVector[];
  readonly streams: readonly StreamVector[];
}

interface ProfileVector {
  readonly kind: BinKind;
  readonly reference_counts: readonly number[];
  readonly p: readonly number[];
  readonly alternatives: number;
  readonly weights_first_last: readonly [number, number];
  readonly log_ratio_first: readonly number[];
  readonly log_ratio_last: readonly number[];
  readonly log_ratio_sum: number;
  readonly probes: readonly (readonly number[])[];
}

interface WindowVector {
  readonly profile: number;
  readonly counts: readonly number[];
  readonly V: readonly [number, number];
  readonly effect_metric: "psi" | null;
  readonly effect_threshold: number;
  readonly expected: Readonly<Record<string, number | string | boolean | readonly number[]>>;
}

interface SlotWindowVector {
  readonly kind: BinKind;
  readonly reference_counts: readonly (readonly number[])[];
  readonly counts: readonly (readonly number[])[];
  readonly V: readonly [number, number];
  readonly expected_log_e: number;
}

export interface StreamVector {
  readonly name: string;
  readonly kind: BinKind;
  readonly reference_counts: readonly (readonly number[])[];
  readonly A: number;
  readonly learn: boolean;
  readonly V0: readonly [number, number] | null;
  readonly warmup: number;
  readonly looks: readonly {
    readonly counts: readonly number[];
    readonly slot: number;
    readonly log_R: number;
    readonly V: readonly [number, number];
    readonly base_N: number;
    readonly state: EDetectorState["state"];
  }[];
  /** `after_look` is the index of the last look it has seen. */
  readonly snapshot: { readonly after_look: number; readonly state: StateVector };
  readonly final: StateVector;
}

export interface StateVector {
  readonly R: readonly number[];
  readonly Ra: readonly number[];
  readonly ew: readonly (readonly number[])[];
  readonly base: readonly (readonly number[])[];
  readonly N: readonly number[];
  readonly psi: readonly (readonly number[] | null)[];
  readonly psiN: readonly number[];
  readonly prev_sum: readonly (readonly number[])[];
  readonly prev_n: readonly number[];
  readonly parity: readonly number[];
  readonly acc: readonly (readonly number[])[];
  readonly cnt: readonly number[];
  readonly V: readonly [number, number];
  readonly state: EDetectorState["state"];
  readonly rows: number;
  readonly held: readonly (readonly number[])[];
  readonly held_slot: number;
  readonly looks: number;
}

/** Reads the vectors of the detector's specification (fixtures/README.md). */
export function readVectors(): DetectionVectors {
  return JSON.parse(readFileSync(new URL("fixtures/detection-vectors.json", import.meta.url), "utf8"));
}

/** The state of a stream vector in our shape. */
export function toDetectorState(vector: StateVector): EDetectorState {
  return {
    evidence: { alternatives: vector.R, omnibus: vector.Ra, recentCounts: vector.ew },
    baselines: vector.base.map((counts, slot) => ({
      counts,
      total: vector.N[slot]!,
      logMeans: vector.psi[slot] ?? vector.R.map(() => 0),
      logMeansTotal: vector.psiN[slot]!,
    })),
    ladder: {
      previousSums: vector.prev_sum.flat(),
      previousRows: vector.prev_n,
      parity: vector.parity,
      accumulated: vector.acc.flat(),
      comparisons: vector.cnt,
    },
    variance: vector.V,
    held: vector.held,
    heldSlot: vector.held_slot,
    state: vector.state,
    rows: vector.rows,
    looks: vector.looks,
  };
}

/** Holds two values, or structures of them, equal: numbers to a relative 1e-9 (absolute 1e-12), the rest exactly. */
export function assertClose(actual: unknown, expected: unknown, where: string): void {
  if (typeof expected === "number") {
    assert.equal(typeof actual, "number", where);
    const difference = Math.abs((actual as number) - expected);
    const close = difference <= Math.max(1e-12, 1e-9 * Math.abs(expected));
    assert.ok(close, `${where}: ${actual} is not ${expected}`);
  } else if (typeof expected === "object" && expected !== null) {
    assert.deepEqual(Object.keys(actual as object), Object.keys(expected), where);
    for (const [key, value] of Object.entries(expected)) {
      assertClose((actual as Record<string, unknown>)[key], value, `${where}.${key}`);
    }
  } else {
    assert.equal(actual, expected, where);
  }
}
