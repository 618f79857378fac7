import type { MultivariateProfile } from "@tidemark/schema";
import { attr, type MonitorState, metric } from "@tidemark/semconv";
import { normalQuantile, normalUpperTail } from "@tidemark/stats";
import { createFinding } from "../finding.ts";
import { MINIMUM_WINDOW_ROWS } from "../minimum-rows.ts";
import { numberText } from "../number-text.ts";
import type { Finding, JudgeContext, WindowAggregate } from "../window-aggregate.ts";
import { fisherScore, pairCount } from "./correlations.ts";

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** Chances of any pair of a stable window, shared among the pairs (Bonferroni). */
const CRITICAL_CHANCE = 0.001;
const WARNING_CHANCE = 0.005;
/** A correlation that lost less is nobody's business. */
const PRACTICAL_LOSS = 0.1;

type Pair = MultivariateProfile["pairs"][number];

/**
 * Do the features that moved together in the reference still do? One `ml.data_quality.correlation` for each of the up to 20 strongest
 * pairs of numeric features: van der Waerden's rank correlation within the same hours of the week, with its 95 % interval.
 *
 * A break is a loss of at least 0.1 towards 0 or beyond, and beyond chance on Fisher's scale, where the chance is of the window's rows, the
 * reference's, and what whole hours, days or weeks of the reference differ by: `warning` at 0.5 % over all pairs, `critical` at 0.1 %.
 */
export function correlationBreaks(aggregate: WindowAggregate, { profile, config }: JudgeContext): Finding[] {
  const { multivariate: counts, window } = aggregate;
  const reference = profile.multivariate;
  if (counts === undefined || reference === undefined) return [];
  const ignored = new Set([...config.drift.ignore, ...counts.absent]);
  const used = reference.pairs.filter((pair) => namesOf(reference, pair).every((name) => !ignored.has(name)));
  return used.map((pair): Finding => {
    const index = pairCount(pair.second) + pair.first;
    const [correlation, rows] = [counts.correlations[index]!, counts.correlationRows[index]!];
    const usual = usualOf(pair, window.endMs - window.startMs);
    const names = namesOf(reference, pair).toSorted();
    const before = Math.tanh(usual.fisher);
    const sampling = pair.rowVariance / Math.max(1, rows - 3);
    const deviation = Math.sqrt(sampling + pair.rowVariance / pair.rows + usual.between);
    // Positive where the correlation is weaker than it was, whatever its sign.
    const loss = Math.sign(usual.fisher) * (usual.fisher - fisherScore(correlation));
    const chance = Math.min(1, normalUpperTail(loss / deviation) * used.length);
    const reach = normalQuantile(0.975) * Math.sqrt(sampling);
    const lost = Math.sign(before) * (before - correlation);
    const state = rows < MINIMUM_WINDOW_ROWS ? "insufficient_data" : stateOf(chance, lost);
    const name = names.join(" ~ ");
    return createFinding({
      target: { kind: "dataset", name },
      metric: metric.dataQualityCorrelation,
      attributes: { [attr.qualityRule]: "correlation", [attr.featurePair]: name },
      value: correlation,
      lower: Math.tanh(fisherScore(correlation) - reach),
      upper: Math.tanh(fisherScore(correlation) + reach),
      state,
      threshold: before - Math.sign(before) * PRACTICAL_LOSS,
      evidence: {
        numbers: { reference: before, chance },
        note: `${names.join(" and ")} moved together, ${numberText(before)}, now ${numberText(correlation)}`,
        bins: null,
      },
      count: rows,
    });
  });
}

function namesOf({ features }: MultivariateProfile, { first, second }: Pair): [string, string] {
  return [features[first]!, features[second]!];
}

/** By whole periods of the window's length, else of the next longer one that the reference has; else by its rows. */
function usualOf({ fisher, periods }: Pair, windowMs: number): { readonly fisher: number; readonly between: number } {
  const { hour, day, week } = periods;
  const found = windowMs >= WEEK_MS ? (week ?? day) : windowMs >= DAY_MS ? day : (hour ?? day);
  return found ?? { fisher, between: 0 };
}

function stateOf(chance: number, lost: number): MonitorState {
  if (lost < PRACTICAL_LOSS || chance > WARNING_CHANCE) return "ok";
  return chance > CRITICAL_CHANCE ? "warning" : "critical";
}
