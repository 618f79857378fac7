import { metric } from "@tidemark/semconv";
import { numberText, percentText } from "../number-text.ts";
import type { FindSuspect } from "./cause-context.ts";

/** Silence: far fewer predictions than in the weeks before, as the volume verdict says. */
export const findSilence: FindSuspect = ({ aggregate, raised }) => {
  const volume = raised.data_quality.find((finding) => finding.metric === metric.windowSampleCount);
  if (volume === undefined || volume.state === "warning") return null;
  const expected = volume.evidence.numbers["expected"] ?? 0;
  const { predictions } = aggregate;
  const share = expected === 0 ? 0 : predictions / expected;
  return {
    touchedRatio: 1 - share,
    cause: {
      kind: "silence",
      target: aggregate.model,
      explanation:
        `${numberText(predictions)} predictions where about ${numberText(expected)} were expected ` +
        `(${percentText(share)}): requests or records stopped coming.`,
    },
  };
};
