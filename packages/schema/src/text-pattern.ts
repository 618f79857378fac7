import { RE2JS } from "re2js";
import { z } from "zod";

/** Compiling is dear and patterns are few: those of configurations and profiles. */
const compiled = new Map<string, RE2JS>();

/** A regular expression in RE2's syntax, which the store runs in time linear in the text; it has no look-around and no back-references. */
export const textPatternSchema = z
  .string()
  .min(1)
  .max(1_000)
  .superRefine((expression, context) => {
    try {
      compile(expression);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      context.addIssue({ code: "custom", message: `expected a regular expression in RE2's syntax: ${reason}` });
    }
  });

/** Whether the whole text has the form of a pattern; in time linear in the text. Throws where the pattern is none of RE2's. */
export function matchesPattern(expression: string, text: string): boolean {
  return compile(expression).matches(text);
}

function compile(expression: string): RE2JS {
  let pattern = compiled.get(expression);
  if (pattern === undefined) {
    pattern = RE2JS.compile(expression);
    compiled.set(expression, pattern);
  }
  return pattern;
}
