import { readFile } from "node:fs/promises";
import { TidemarkError } from "@tidemark/semconv";

/**
 * The text of a file that a key of the configuration names, such as a password, without the blanks at its end.
 * Throws TidemarkError `configInvalid` where it cannot be read or holds nothing.
 */
export async function readNamedFile(key: string, path: string): Promise<string> {
  let text: string;
  try {
    text = (await readFile(path, "utf8")).trimEnd();
  } catch (cause) {
    throw new TidemarkError("configInvalid", `${key} ${path} cannot be read: ${(cause as Error).message}`, {
      cause,
      fix: "Name a file that this user may read.",
    });
  }
  if (text !== "") return text;
  throw new TidemarkError("configInvalid", `${key} ${path} is empty`, {
    fix: `Put in it what ${key} asks for, or leave the key out.`,
  });
}
