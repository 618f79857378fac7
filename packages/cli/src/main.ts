import { createProgram } from "./program.ts";
import { reportFailure } from "./config/fail.ts";

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
