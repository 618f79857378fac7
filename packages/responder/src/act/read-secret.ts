import { readFile } from "node:fs/promises";
import path from "node:path";
import { TidemarkError } from "@tidemark/semconv";

/** The first line of a secret's file. Throws TidemarkError `secretUnreadable`, which names the file and never its content. */
export async function readSecret(directory: string, file: string): Promise<string> {
  const location = path.resolve(directory, file);
  let text: string;
  try {
    text = await readFile(location, "utf8");
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new TidemarkError("secretUnreadable", `cannot read the secret ${file}: ${reason}`, { cause });
  }
  const secret = text.split("\n", 1)[0]!.trim();
  if (secret.length < MIN_LENGTH) {
    throw new TidemarkError("secretUnreadable", `the secret in ${file} has fewer than ${MIN_LENGTH} characters`);
  }
  return secret;
}

const MIN_LENGTH = 16;
