import type { ModelConfig, Profile, Target } from "@tidemark/schema";
import { attr, type MonitorState, metric } from "@tidemark/semconv";
import { totalOf } from "../field-of.ts";
import { createFinding } from "../finding.ts";
import { MINIMUM_WINDOW_ROWS } from "../minimum-rows.ts";
import { percentText } from "../number-text.ts";
import { type Share, wilsonShare } from "../wilson-share.ts";
import type { DuplicateCounts, Finding } from "../window-aggregate.ts";
import { expectedRepeats } from "./expected-repeats.ts";

/** Rows as a whole. */
export const ROWS: Target = { kind: "dataset", name: "rows" };

/** Growth of the share below this is nobody's business; past the second it is somebody's at once. */
const WARNING_GROWTH = 0.01;
const CRITICAL_GROWTH = 0.1;

/**
 * Predictions whose features are all the same as an earlier one's: a job that is stuck, a storm of retries under new ids, a test client.
 * `ml.data_quality.share` of the rule `duplicate`: rows that repeat an earlier row of their stretch, with Wilson's interval.
 *
 * The more rows, the more of them are alike by nature, and repeats come in bursts; so the window is held against stretches of as
 * many consecutive rows of the reference (`expectedRepeats`), itself cut into stretches where it is longer than those. Line: their limit, at
 * least one percentage point above their mean, or what `quality.allowed` accepts under the name `rows`. `warning` where the whole
 * interval is beyond the line, `critical` where it is so by ten points more. Null without rows, or where the profile does not know.
 */
export function judgeDuplicates(
  profile: Profile,
  counts: DuplicateCounts | undefined,
  quality: ModelConfig["quality"],
): Finding | null {
  if (counts === undefined || profile.duplicates === undefined) return null;
  const { stretches, most } = counts;
  const rows = totalOf(stretches.map((stretch) => stretch.rows));
  const repeats = totalOf(stretches.map((stretch) => stretch.repeats));
  const share = wilsonShare(repeats, rows);
  if (share === null) return null;
  const curve = profile.duplicates;
  const expected = stretches.map((stretch) => ({
    weight: stretch.rows / rows,
    ...expectedRepeats(curve, stretch.rows),
  }));
  const mean = totalOf(expected.map((part) => part.weight * part.mean));
  // Limits add up as they are: what one stretch has too much of, the others may have as well.
  const limit = totalOf(expected.map((part) => part.weight * part.limit));
  const line = Math.max(limit, Math.min(1, mean + WARNING_GROWTH), quality.allowed[ROWS.name]?.duplicate ?? 0);
  const example = most === null ? "" : `; one row came ${most.times} times, the first as ${most.id}`;
  return createFinding({
    target: ROWS,
    metric: metric.dataQualityShare,
    attributes: { [attr.qualityRule]: "duplicate" },
    ...share,
    state: rows < MINIMUM_WINDOW_ROWS ? "insufficient_data" : stateOf(share, line),
    threshold: line,
    evidence: {
      numbers: {
        violations: repeats,
        referenceShare: mean,
        stretches: stretches.length,
        ...(most === null ? {} : { mostTimes: most.times }),
      },
      note: `warns above ${percentText(line)}; stretches of as many rows of the reference have ${percentText(mean)}${example}`,
      bins: null,
    },
    count: rows,
  });
}

function stateOf(share: Share, line: number): MonitorState {
  if (share.lower <= line) return "ok";
  return share.lower > line + CRITICAL_GROWTH ? "critical" : "warning";
}
