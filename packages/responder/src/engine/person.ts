import type { PeopleRole } from "@tidemark/schema";

/** Somebody who has signed in. */
export interface Person {
  readonly name: string;
  readonly roles: readonly PeopleRole[];
  /** Models whose cases the person sees; `*` for all. */
  readonly models: readonly string[];
}

/** Whether a person sees the cases of a model. What is not seen is as if it were not there. */
export function sees({ models }: Person, model: string): boolean {
  return models.includes("*") || models.includes(model);
}
