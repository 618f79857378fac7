import type { ProfileField } from "@tidemark/schema";
import { nearestName } from "@tidemark/semconv";
import { fieldDetection } from "../drift/detection-bins.ts";
import { describedReference } from "../drift/seasonal-reference.ts";
import { totalOf, valuesOf } from "../field-of.ts";
import { MINIMUM_WINDOW_ROWS } from "../minimum-rows.ts";
import { percentText } from "../number-text.ts";
import type { FieldCounts } from "../window-aggregate.ts";
import type { CauseContext } from "./cause-context.ts";

/** Part of two distributions that is the same, from which an input may be a feature under another name. */
const ALIKE = 0.75;
/** Bins below which many inputs have the same distribution: their names must be alike too. */
const LEAST_BINS = 5;
/** Letters below which names are alike by chance. */
const LEAST_LETTERS = 4;
/** Inputs that are named where none of them is alike. */
const NAMED_INPUTS = 3;

interface Match {
  readonly feature: string;
  readonly input: FieldCounts;
  /** `sum min(p, q)` over the detector's bins. */
  readonly common: number;
  readonly score: number;
}

/**
 * What to add to the words on a feature of which no value came: the input that the profile does not know whose values are distributed as the
 * feature's are in the reference (of a season: at the same hours of the week), or that none is.
 *
 * Alike: `sum_b min(p_b, q_b) >= 0.75` over the detector's bins, values in no bin and categories never seen counting as different, of at least
 * 50 values and five bins; with fewer bins the names must be alike. Of several pairs of feature and input the most alike is taken first, and every
 * input is one feature's only. Empty where no input was asked for: the feature has values, or the records carry no inputs.
 */
export function renamedInputText({ aggregate, context }: CauseContext, feature: string): string {
  const absent = aggregate.absentFeatures ?? [];
  const asked = absent.find((other) => other.feature === feature);
  if (asked === undefined) return "";
  const windowMs = aggregate.window.endMs - aggregate.window.startMs;
  const matches = absent.flatMap(({ feature, unknownInputs }) => {
    const field = context.profile.fields.find(({ target, name }) => target === "feature" && name === feature);
    return field === undefined ? [] : unknownInputs.flatMap((input) => matchOf(context, field, input, windowMs) ?? []);
  });
  const match = assigned(matches).find((other) => other.feature === feature);
  return ` ${match === undefined ? unmatchedText(feature, asked.unknownInputs) : matchText(match)}`;
}

function matchOf(
  { profile }: CauseContext["context"],
  field: ProfileField,
  input: FieldCounts,
  windowMs: number,
): Match | null {
  const values = valuesOf(input);
  const compared = describedReference(field, input, windowMs);
  const { merge } = fieldDetection(profile, field).overall;
  const [window, reference] = [merge(compared.window), merge(compared.reference)];
  // A reference's many rare categories share a bin with those it never had.
  const comparable = field.kind === "categorical" ? input.states.valid : totalOf(input.counts);
  const common = commonPart(window, reference) * (comparable / values);
  const isNamed = isNamedAlike(field.name, input.name);
  if (common < ALIKE || values < MINIMUM_WINDOW_ROWS) return null;
  if (!isNamed && reference.filter((count) => count > 0).length < LEAST_BINS) return null;
  return { feature: field.name, input, common, score: common + Number(isNamed) };
}

/** The best match first, each feature and each input once. */
function assigned(matches: readonly Match[]): Match[] {
  const taken: Match[] = [];
  for (const match of matches.toSorted((a, b) => b.score - a.score)) {
    const isFree = taken.every(({ feature, input }) => feature !== match.feature && input.name !== match.input.name);
    if (isFree) taken.push(match);
  }
  return taken;
}

function matchText({ feature, input, common }: Match): string {
  return (
    `An input ${input.name} that the profile does not know came with ${Math.round(valuesOf(input))} values, distributed as ${feature} is in ` +
    `the reference (${percentText(common)} in common): renamed?`
  );
}

function unmatchedText(feature: string, inputs: readonly FieldCounts[]): string {
  if (inputs.length === 0) return "No input came that the profile does not know.";
  const named = inputs.slice(0, NAMED_INPUTS).map((input) => `${input.name} (${Math.round(valuesOf(input))} values)`);
  const more = inputs.length > named.length ? ` and ${inputs.length - named.length} more` : "";
  return `Inputs that the profile does not know came, ${named.join(", ")}${more}, none distributed as ${feature} is in the reference.`;
}

/** 0 where either has no values. */
function commonPart(window: readonly number[], reference: readonly number[]): number {
  const [rows, referenceRows] = [totalOf(window), totalOf(reference)];
  if (rows === 0 || referenceRows === 0) return 0;
  return totalOf(window.map((count, bin) => Math.min(count / rows, reference[bin]! / referenceRows)));
}

/** `amount` and `amount_usd`, `customerId` and `customer_id`, `distance` and `distence`. */
function isNamedAlike(a: string, b: string): boolean {
  const [shorter, longer] = [a, b].map(bareName).sort((x, y) => x.length - y.length) as [string, string];
  if (shorter.length < LEAST_LETTERS) return shorter === longer;
  return longer.includes(shorter) || nearestName(shorter, [longer]) !== null;
}

function bareName(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}
