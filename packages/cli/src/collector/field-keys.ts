import type { Profile } from "@tidemark/schema";
import { attr } from "@tidemark/semconv";

export type Field = Profile["fields"][number];

/** Attribute of the log record that holds what was found of a feature, until it becomes an attribute of a point. */
export function keyOf(what: "state" | "category", { name }: Field): string {
  return `tidemark.${what}.${name}`;
}

/** OTTL's path of a feature's value in a prediction event. */
export function inputPath({ name }: Field): string {
  return `attributes["${attr.inferenceInputs}"][${JSON.stringify(name)}]`;
}
