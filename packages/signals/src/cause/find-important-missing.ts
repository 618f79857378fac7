import { importantFeatures } from "../attribution/reference-importance.ts";
import type { FindSuspect } from "./cause-context.ts";
import { findNulls } from "./find-rule-break.ts";
import { findSilentFeature } from "./find-silent-feature.ts";

/** A feature of above-average importance whose values went missing, in part or altogether; the most important of them. */
export const findImportantMissing: FindSuspect = (of) => {
  for (const name of importantFeatures(of.context.profile)) {
    const raised = {
      ...of.raised,
      drift: of.raised.drift.filter(({ target }) => target.name === name),
      data_quality: of.raised.data_quality.filter(({ target }) => target.name === name),
    };
    const suspect = findSilentFeature({ ...of, raised }) ?? findNulls({ ...of, raised });
    if (suspect !== null) return suspect;
  }
  return null;
};
