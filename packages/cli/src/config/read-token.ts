import { readFile } from "node:fs/promises";
import { TidemarkError } from "@tidemark/semconv";

/** Variable that a token is read from where no file is named. Never an argument: other users see those. */
export const TOKEN_VARIABLE = "TIDEMARK_TOKEN";

/** The first line of a file, or the variable's value; null where there is neither. Throws TidemarkError `usage`. */
export async function readToken(file: string | undefined): Promise<string | null> {
  if (file === undefined) return process.env[TOKEN_VARIABLE]?.trim() || null;
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new TidemarkError("usage", `cannot read the token ${file}: ${(cause as NodeJS.ErrnoException).code}`);
  }
  const token = text.split("\n", 1)[0]!.trim();
  if (token === "") throw new TidemarkError("usage", `the token file ${file} is empty`);
  return token;
}
