import type { FindSuspect } from "./cause-context.ts";
import { renamedInputText } from "./renamed-input.ts";

/** A feature of which no value came at all, not even a missing one, while predictions were made. */
export const findSilentFeature: FindSuspect = (of) => {
  const silent = of.raised.drift.filter((finding) => finding.target.kind === "feature" && finding.state === "no_data");
  const first = silent[0];
  if (first === undefined) return null;
  const others = silent.length === 1 ? "" : ` The same holds for ${silent.length - 1} more.`;
  return {
    touchedRatio: 1,
    cause: {
      kind: "silence",
      target: first.target.name,
      explanation: `Feature ${first.target.name}: ${first.evidence.note}.${renamedInputText(of, first.target.name)}${others}`,
    },
  };
};
