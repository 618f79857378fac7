import { wilsonInterval } from "@tidemark/stats";

/** Events among the trials of one group: of all windows against one reference, or of one stream. */
export interface Group {
  readonly events: number;
  readonly trials: number;
}

/** Events among trials with the 95 % interval of their rate. */
export interface Proportion extends Group {
  readonly rate: number;
  readonly lower: number;
  readonly upper: number;
  /** Independent trials with the same error. */
  readonly effectiveTrials: number;
}

/**
 * The rate over groups whose trials share something (a reference, a stream) and so are not independent.
 *
 * Wilson's interval on the effective number of trials: trials over the design effect, the variance of the ratio estimator
 * between groups over the binomial one (Kish, Survey Sampling, 1965; never below 1). Without an event, or with one alone,
 * nothing shows how much a group's trials agree: then `rare` says what counts as a trial.
 *
 * @param rare `groups`: as if all trials of a group agreed, as windows against one wrong reference might. `trials`: for
 * alarms along a stream, of which one does not make every row an alarm.
 */
export function proportionOf(groups: readonly Group[], rare: "groups" | "trials" = "groups"): Proportion {
  const filled = groups.filter((group) => group.trials > 0);
  const events = filled.reduce((sum, group) => sum + group.events, 0);
  const trials = filled.reduce((sum, group) => sum + group.trials, 0);
  if (trials === 0) return { events, trials, rate: Number.NaN, lower: 0, upper: 1, effectiveTrials: 0 };
  const rate = events / trials;
  const effectiveTrials = effectiveTrialsOf(filled, rate, trials, rare);
  const [lower, upper] = wilsonInterval(rate * effectiveTrials, effectiveTrials);
  return { events, trials, rate, lower, upper, effectiveTrials };
}

function effectiveTrialsOf(groups: readonly Group[], rate: number, trials: number, rare: "groups" | "trials"): number {
  const count = groups.length;
  if (Math.min(rate, 1 - rate) * trials <= 1 || count < 2) return rare === "groups" ? count : trials;
  const squares = groups.reduce((sum, group) => sum + (group.events - rate * group.trials) ** 2, 0);
  const between = ((count / (count - 1)) * squares) / trials ** 2;
  const binomial = (rate * (1 - rate)) / trials;
  return trials / Math.max(1, between / binomial);
}
