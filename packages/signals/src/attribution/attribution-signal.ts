import { type MonitorState, metric } from "@tidemark/semconv";
import { createFinding } from "../finding.ts";
import { MINIMUM_WINDOW_ROWS } from "../minimum-rows.ts";
import type { Finding, Signal } from "../window-aggregate.ts";
import { type JackknifeEstimate, jackknife } from "./jackknife.ts";
import { rankingDrift } from "./ranking-drift.ts";
import { referenceImportance } from "./reference-importance.ts";

interface Levels {
  readonly warning: number;
  readonly critical: number;
}

/** Of 1 - NDCG: a ranking below 0.9 is what practitioners call changed. */
const RANKING: Levels = { warning: 0.05, critical: 0.1 };
/** Of a share's change, in either direction. */
const SHARE: Levels = { warning: 0.1, critical: 0.2 };

/**
 * Do the same features still move the predictions, by the attributions that the service records?
 *
 * By feature `ml.attribution.importance`, its share in the sum of absolute attributions; and where the profile has
 * importances `ml.attribution.change`, the share less the reference's, and for the model `ml.attribution.drift`, 1 - NDCG of the ranking.
 * Each with a jackknife interval; a level counts as passed when the whole interval is beyond it.
 */
export const attributionSignal: Signal = {
  name: "attribution",
  judge({ attributions }, { profile }) {
    if (attributions === undefined) return [];
    const reference = referenceImportance(profile);
    const known = new Map(reference);
    const names = profile.fields.filter(({ target }) => target === "feature").map(({ name }) => name);
    const { rows } = attributions;
    const finding = (
      parts: Pick<Finding, "target" | "metric"> & Partial<Finding>,
      estimate: JackknifeEstimate,
    ): Finding => createFinding({ ...parts, ...estimate, count: rows });

    const findings = names.flatMap((name, index): Finding[] => {
      const target = { kind: "feature", name } as const;
      const share = jackknife(attributions, names, (shares) => shares[index]!);
      if (share === null) return [];
      const importance = finding({ target, metric: metric.attributionImportance }, within(share, 0, 1));
      const expected = known.get(name);
      if (expected === undefined) return [importance];
      const { value, lower, upper } = share;
      const change = { value: value - expected, lower: lower - expected, upper: upper - expected };
      const distance = Math.max(change.lower, -change.upper);
      const numbers = { share: value, reference: expected };
      const judged = {
        target,
        metric: metric.attributionChange,
        state: stateOf(rows, distance, SHARE),
        threshold: SHARE.warning,
        evidence: {
          numbers,
          note: "warns where the whole interval is 0.1 away from the reference's share",
          bins: null,
        },
      };
      return [importance, finding(judged, change)];
    });
    const ranked = names.filter((name) => known.has(name));
    const gains = ranked.map((name) => known.get(name)!);
    const drift = ranked.length < 2 ? null : jackknife(attributions, ranked, (shares) => rankingDrift(shares, gains));
    if (drift === null) return findings;
    const target = { kind: "dataset", name: "ranking" } as const;
    const state = stateOf(rows, drift.lower, RANKING);
    const judged = { target, metric: metric.attributionDrift, state, threshold: RANKING.warning };
    return [...findings, finding(judged, within(drift, 0, 1))];
  },
};

function within({ value, lower, upper }: JackknifeEstimate, least: number, most: number): JackknifeEstimate {
  return { value, lower: Math.max(least, lower), upper: Math.min(most, upper) };
}

/** @param proven what the change is at least. */
function stateOf(rows: number, proven: number, { warning, critical }: Levels): MonitorState {
  if (rows < MINIMUM_WINDOW_ROWS) return "insufficient_data";
  if (proven > critical) return "critical";
  return proven > warning ? "warning" : "ok";
}
