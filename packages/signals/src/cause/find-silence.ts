import { metric } from "@tidemark/semconv";
import { numberText, percentText } from "../number-text.ts";
import type { FindCause } from "./cause-context.ts";

/** Silence: far fewer predictions than in the weeks before, as the volume verdict says. */
export const findSilence: FindCause = ({ aggregate, findings }) => {
  const volume = findings.data_quality.find((finding) => finding.metric === metric.windowSampleCount);
  if (volume === undefined || !(volume.state === "critical" || volume.state === "no_data")) return null;
  const expected = volume.evidence.numbers["expected"] ?? 0;
  const { predictions } = aggregate;
  return {
    kind: "silence",
    target: aggregate.model,
    explanation:
      `${numberText(predictions)} predictions where about ${numberText(expected)} were expected ` +
      `(${percentText(expected === 0 ? 0 : predictions / expected)}): requests or records stopped coming.`,
  };
};
