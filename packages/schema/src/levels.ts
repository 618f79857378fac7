import { z } from "zod";

/** Lines of a user's own. */
export const levelsSchema = z
  .strictObject({
    warning: z.number().optional().describe("Line of the warning."),
    critical: z.number().optional().describe("Line of the critical state."),
  })
  .refine(
    (levels) => levels.warning !== undefined || levels.critical !== undefined,
    "expected a warning or a critical level",
  );
