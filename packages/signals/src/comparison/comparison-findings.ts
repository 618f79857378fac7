import { attr, attributes, metric } from "@tidemark/semconv";
import type { ComparisonVerdict } from "@tidemark/stats";
import { createFinding } from "../finding.ts";
import { numberText } from "../number-text.ts";
import type { TaskLoss } from "../performance/task-loss.ts";
import type { Finding } from "../window-aggregate.ts";
import type { ComparedWindow } from "./compare-windows.ts";

const WORDS: Readonly<Record<ComparisonVerdict, string>> = {
  insufficient_data: "too little is known yet",
  undecided: "neither is proved to be better yet",
  challenger_better: "the challenger is better",
  champion_better: "the champion is better",
  equivalent: "the difference is smaller than the margin",
};

/** A comparison as findings: the mean difference with its any-time bounds, the pairs, and which verdict stands. */
export function comparisonFindings(state: ComparedWindow, loss: TaskLoss, role: string): Finding[] {
  const about = {
    target: { kind: "comparison" as const, name: role },
    count: state.pairs,
    effective: state.blocks,
  };
  const numbers = {
    ...(state.decidedAtPairs === null ? {} : { decidedAtPairs: state.decidedAtPairs }),
    ...(state.blockPairs === null ? {} : { blockPairs: state.blockPairs }),
    blocks: state.blocks,
    sinceMs: state.sinceMs,
    cap: loss.cap,
  };
  const note =
    `${loss.name} loss, ${state.pairs} pairs since ${new Date(state.sinceMs).toISOString()}: ${WORDS[state.verdict]} ` +
    `(mean difference ${numberText(state.difference)}). Holds at every look together with 95 %, if the difference keeps its mean.`;
  return [
    createFinding({
      ...about,
      metric: metric.comparisonDifference,
      value: state.difference,
      lower: state.lower,
      upper: state.upper,
      evidence: { numbers, note, bins: null },
    }),
    createFinding({ ...about, metric: metric.comparisonPairs, value: state.pairs }),
    ...attributes.comparisonVerdict.values.map((verdict) =>
      createFinding({
        ...about,
        metric: metric.comparisonVerdict,
        attributes: { [attr.comparisonVerdict]: verdict },
        value: verdict === state.verdict ? 1 : 0,
      }),
    ),
  ];
}
