import type { ModelConfig, Profile, ProfileField } from "@tidemark/schema";
import { attr, type MonitorState, metric } from "@tidemark/semconv";
import { createFinding } from "../finding.ts";
import { MINIMUM_WINDOW_ROWS } from "../minimum-rows.ts";
import { numberText, percentText } from "../number-text.ts";
import { type Share, wilsonShare } from "../wilson-share.ts";
import type { FieldCounts, Finding, RepeatedValue } from "../window-aggregate.ts";
import { growthOf, stuckBins } from "./stuck-bins.ts";

/** Growth of the share beyond the line that is somebody's business at once. */
const CRITICAL_GROWTH = 0.1;

interface JudgeStuckOptions {
  readonly profile: Profile;
  readonly field: ProfileField;
  readonly counts: FieldCounts;
  readonly repeated: readonly RepeatedValue[] | undefined;
  readonly quality: ModelConfig["quality"];
}

/**
 * One value that suddenly holds a far larger share of the rows than it ever did: a sensor that returns the same reading, a default filled in.
 * `ml.data_quality.share` of the rule `stuck`, with Wilson's interval: the share of the value that has grown most; where no bin has grown
 * beyond the line, that of a whole bin, which no value in it exceeds. Line: see `stuckBins`, or what `quality.allowed` accepts.
 * `warning` where the whole interval is beyond the line, `critical` where it is so by ten points more. Null where the feature is not judged,
 * or a bin grew and no record tells its values.
 */
export function judgeStuck({ profile, field, counts, repeated = [], quality }: JudgeStuckOptions): Finding | null {
  const found = stuckBins(profile, field, counts);
  if (found === null) return null;
  const { rows, growth, most, suspects } = found;
  const values = suspects.flatMap(({ bin, share, referenceShare }) => {
    const value = repeated.find((each) => each.name === field.name && each.bin === bin);
    return value === undefined ? [] : [{ bin, share: share * value.share, referenceShare, value: value.value }];
  });
  if (values.length < suspects.length) return null;
  const [grown = { ...most, value: null }] = values.toSorted((a, b) => growthOf(b) - growthOf(a));
  const share = wilsonShare(grown.share * rows, rows);
  if (share === null) return null;
  const { bin, referenceShare, value } = grown;
  const line = Math.max(Math.min(1, referenceShare + growth), quality.allowed[field.name]?.stuck ?? 0);
  const what = value === null ? "no value has more" : typeof value === "number" ? numberText(value) : value;
  return createFinding({
    target: { kind: field.target, name: field.name },
    metric: metric.dataQualityShare,
    attributes: { [attr.qualityRule]: "stuck" },
    ...share,
    state: rows < MINIMUM_WINDOW_ROWS ? "insufficient_data" : stateOf(share, line),
    threshold: line,
    evidence: {
      numbers: {
        violations: Math.round(grown.share * rows),
        referenceShare,
        bin,
        ...(typeof value === "number" ? { repeated: value } : {}),
      },
      note: `${what}; warns above ${percentText(line)}; the reference has at most ${percentText(referenceShare)} of it`,
      bins: null,
    },
    count: rows,
  });
}

function stateOf(share: Share, line: number): MonitorState {
  if (share.lower <= line) return "ok";
  return share.lower > line + CRITICAL_GROWTH ? "critical" : "warning";
}
