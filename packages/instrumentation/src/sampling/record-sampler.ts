import type { Prediction } from "../record/record-types.ts";
import { DecisionBook } from "./decision-book.ts";
import { inclusionProbability } from "./inclusion-probability.ts";
import { isSampled } from "./is-sampled.ts";
import type { SamplingPlan } from "./sampling.ts";

/**
 * Decides which predictions have events, and which outcomes follow theirs. With one probability and by id the decision is
 * a function of the id alone, in any process; else it is remembered, and an outcome whose prediction is not known here is
 * sent: the processor joins it or finds no prediction, which costs an event and biases nothing.
 */
export class RecordSampler {
  readonly #plan: SamplingPlan;
  readonly #book = new DecisionBook();
  readonly #isPure: boolean;
  /** Ids that hash above are kept by no stratum. */
  readonly #highest: number;

  constructor(plan: SamplingPlan) {
    this.#plan = plan;
    this.#isPure = plan.strata.length === 0 && plan.reservoir === null && !plan.isByTrace;
    this.#highest = Math.max(plan.probability, ...plan.strata.map(({ probability }) => probability));
  }

  /** Whether segments have to be known for a decision. */
  get needsSegments(): boolean {
    return this.#plan.strata.some(({ segment }) => segment !== undefined);
  }

  /**
   * The probability with which a prediction was kept; 0 where it was not.
   *
   * @param traceId the trace it belongs to; undefined where there is none, then its id decides
   */
  decide(
    id: string,
    traceId: string | undefined,
    prediction: Prediction,
    segments: Readonly<Record<string, string>>,
  ): number {
    const { strata, probability: rest, isByTrace, reservoir } = this.#plan;
    const probability = strata.length === 0 ? rest : inclusionProbability(this.#plan, prediction, segments);
    const isKept = isSampled(isByTrace ? (traceId ?? id) : id, probability);
    // A reservoir decides later, and notes it then.
    if (!this.#isPure && !(isKept && reservoir !== null)) this.note(id, isKept);
    return isKept ? probability : 0;
  }

  /** What became of a prediction in the reservoir. */
  note(id: string, isKept: boolean): void {
    this.#book.note(id, isKept);
  }

  /** Whether an outcome is sent. */
  followsOutcome(id: string): boolean {
    if (this.#isPure) return isSampled(id, this.#plan.probability);
    const decision = this.#book.decisionOf(id);
    if (decision !== undefined) return decision;
    return this.#plan.isByTrace || isSampled(id, this.#highest);
  }
}
