import { errors, TidemarkError } from "@tidemark/semconv";
import { printLines } from "./print-lines.ts";

/** Exit codes that a script can tell apart. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

const USAGE_CODES: readonly string[] = [
  errors.usage.code,
  errors.configUnreadable.code,
  errors.configInvalid.code,
  errors.configUnknownKey.code,
];

/** Prints an error as a person needs it (code, message, fix) and returns the exit code that belongs to it. */
export function reportFailure(error: unknown, write: (line: string) => void = console.error): number {
  if (error instanceof TidemarkError) {
    printLines(`${error.code}: ${error.message}\nWhat to do: ${error.fix}`.split("\n"), write);
    return USAGE_CODES.includes(error.code) ? EXIT.usage : EXIT.failed;
  }
  write(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.failed;
}
