import { type CategoryCounter, type CategoryCounts, createCategoryCounter } from "@tidemark/sketches";
import { DiscoveredCategories } from "./discovered-categories.ts";
import type { CategoricalPlan } from "./feature-plan.ts";
import { MISSING, NON_FINITE, STATE_COUNT, TYPE_MISMATCH, UNSEEN_CATEGORY, VALID } from "./value-states.ts";

/** What was counted of a categorical feature. Category counts are valid + unseen_category values. */
export interface CategoricalCounts {
  readonly name: string;
  readonly states: Float64Array;
  readonly categories: CategoryCounts;
}

/** Categories kept of a feature for which no profile lists them. */
const DISCOVERED_LIMIT = 50;
/** Longer text is cut before it is looked up, and so unseen: hashing it would cost time with its length. */
const MAX_LOOKUP_LENGTH = 1_024;

/** Counts the values of one categorical feature: a known list, or categories as they come up to a bound. */
export class CategoricalFeature implements CategoricalCounts {
  readonly name: string;
  readonly states = new Float64Array(STATE_COUNT);
  readonly #listed: CategoryCounter | null;
  readonly #discovered: DiscoveredCategories;
  readonly #otherCategories: ReadonlySet<string>;

  constructor({ name, categories, otherCategories }: CategoricalPlan) {
    this.name = name;
    this.#listed = categories === null ? null : createCategoryCounter(categories);
    this.#discovered = new DiscoveredCategories(categories === null ? DISCOVERED_LIMIT : 0);
    this.#otherCategories = otherCategories;
  }

  get categories(): CategoryCounts {
    return this.#listed ?? this.#discovered;
  }

  /** Text, booleans and finite numbers are categories by their text; undefined and null are missing. */
  record(value: unknown): void {
    if (typeof value === "string") this.#recordText(value);
    else if (value === undefined || value === null) this.states[MISSING]! += 1;
    else if (typeof value === "boolean") this.#recordText(value ? "true" : "false");
    else if (typeof value !== "number") this.states[TYPE_MISMATCH]! += 1;
    else if (Number.isFinite(value)) this.#recordText(String(value));
    else this.states[NON_FINITE]! += 1;
  }

  reset(): void {
    this.states.fill(0);
    this.#listed?.reset();
    this.#discovered.reset();
  }

  #recordText(text: string): void {
    if (this.#listed === null) {
      this.#discovered.record(text);
      this.states[VALID]! += 1;
      return;
    }
    const category = text.length > MAX_LOOKUP_LENGTH ? text.slice(0, MAX_LOOKUP_LENGTH) : text;
    const bin = this.#listed.record(category);
    const isKnown = bin < this.#listed.categories.length || this.#otherCategories.has(category);
    this.states[isKnown ? VALID : UNSEEN_CATEGORY]! += 1;
  }
}
