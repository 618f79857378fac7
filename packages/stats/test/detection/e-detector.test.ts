import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { createDetectionReference, EDetector, type EDetectorOptions } from "@tidemark/stats";
import { assertClose, readVectors, type StreamVector, toDetectorState } from "./vectors.ts";

const LOG_OF_ZERO = -1e300;

function optionsOf(stream: StreamVector): EDetectorOptions {
  return {
    references: stream.reference_counts.map((counts) => createDetectionReference(counts, stream.kind)),
    alarmLooks: stream.A,
    learn: stream.learn,
    initialVariance: stream.V0,
    warmupLooks: stream.warmup,
    exponents: "variance",
    leastDivergence: 0,
  };
}

/** Looks at the stream from one look on and holds every verdict, and the state at the end, to the vectors. */
function assertFollows(detector: EDetector, stream: StreamVector, from: number): void {
  stream.looks.slice(from).forEach(({ counts, slot, log_R, V, base_N, state }, offset) => {
    const verdict = detector.look(counts, slot);
    const logEvidence = Math.max(LOG_OF_ZERO, verdict.logEvidence);
    const total = detector.snapshot().baselines[slot]!.total;
    assertClose(
      { state: verdict.state, logEvidence, variance: verdict.variance, total },
      { state, logEvidence: log_R, variance: V, total: base_N },
      `look ${from + offset}`,
    );
  });
  assertClose(detector.snapshot(), toDetectorState(stream.final), "final state");
}

describe("EDetector", () => {
  for (const stream of readVectors().streams) {
    it(`reproduces every look to 1e-9: ${stream.name}`, () => {
      assertFollows(new EDetector(optionsOf(stream)), stream, 0);
    });

    it(`reproduces the rest from the snapshot: ${stream.name}`, () => {
      const { after_look, state } = stream.snapshot;
      assertFollows(EDetector.restore(optionsOf(stream), toDetectorState(state)), stream, after_look + 1);
    });

    it(`goes on to the bit from JSON at any look: ${stream.name}`, () => {
      const options = optionsOf(stream);
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
});
