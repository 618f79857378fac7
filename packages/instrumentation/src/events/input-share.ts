import type { FeatureRow } from "../aggregate/feature-row.ts";
import type { Inputs } from "../record/record-types.ts";
import { describeValue } from "../safety/warn.ts";
import { isSampled } from "../sampling/is-sampled.ts";
import type { InputFilter } from "./input-filter.ts";

/** Gives what the event of a prediction says of its inputs; null for nothing. */
export type EventInputs = (id: string, inputs: Inputs | FeatureRow) => Inputs | null;

/** The share of events that carry inputs. One that is unusable sends none, so that no more leaves than somebody meant. */
export function planInputShare(given: unknown): { readonly share: number; readonly problems: readonly string[] } {
  if (typeof given === "number" && given > 0 && given <= 1) return { share: given, problems: [] };
  return {
    share: 0,
    problems: [`inputShare is ${describeValue(given)}, expected a number in (0, 1]; no inputs are sent`],
  };
}

/** A filter that lets the inputs of a share of the predictions through, chosen by id, whatever sampling chose. */
export function ofShare(filter: InputFilter, share: number): EventInputs {
  if (share === 1) return (_id, inputs) => filter(inputs);
  // Another text than sampling hashes: of the predictions it keeps, this share has inputs, not all of them.
  return (id, inputs) => (isSampled(`inputs ${id}`, share) ? filter(inputs) : null);
}
