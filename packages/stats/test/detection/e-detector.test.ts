import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { type BinKind, createDetectionReference, EDetector, type EDetectorOptions } from "@tidemark/stats";

/** The streams of the specification's vectors. That every look and state is as given there is test/parity's to show. */
interface Stream {
  readonly name: string;
  readonly kind: BinKind;
  readonly reference_counts: readonly (readonly number[])[];
  readonly A: number;
  readonly learn: boolean;
  readonly V0: readonly [number, number] | null;
  readonly warmup: number;
  readonly looks: readonly { readonly counts: readonly number[]; readonly slot: number }[];
}

const vectors = JSON.parse(readFileSync(new URL("fixtures/detection-vectors.json", import.meta.url), "utf8"));
const streams: readonly Stream[] = vectors.streams;

describe("EDetector", () => {
  for (const stream of streams) {
    for (const exponents of ["clusters", "variance"] as const) {
      it(`goes on to the bit from JSON at any look: ${stream.name}, ${exponents}`, () => {
        const options: EDetectorOptions = {
          references: stream.reference_counts.map((counts) => createDetectionReference(counts, stream.kind)),
          alarmLooks: stream.A,
          learn: stream.learn,
          initialVariance: stream.V0,
          warmupLooks: stream.warmup,
          exponents,
        };
        const whole = new EDetector(options);
        let broken = new EDetector(options);
        stream.looks.forEach(({ counts, slot }, index) => {
          whole.look(counts, slot);
          broken.look(counts, slot);
          if (index % 7 === 3) broken = EDetector.restore(options, JSON.parse(JSON.stringify(broken.snapshot())));
        });
        assert.deepEqual(broken.snapshot(), whole.snapshot());
      });
    }
  }
});
