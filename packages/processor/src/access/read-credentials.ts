import { readFileSync } from "node:fs";
import { type CredentialsFile, parseCredentials } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import { parse } from "yaml";

/**
 * Reads and checks a file of credentials.
 * Throws TidemarkError `credentialsInvalid`, which names the place in the file and never quotes what stands there.
 */
export function readCredentials(path: string): CredentialsFile {
  let content: unknown;
  try {
    content = parse(readFileSync(path, "utf8"), { prettyErrors: false });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "it is not YAML";
    throw new TidemarkError("credentialsInvalid", `cannot read the credentials ${path}: ${reason}`);
  }
  const result = parseCredentials(content);
  if (result.ok) return result.file;
  throw new TidemarkError("credentialsInvalid", `${path}: ${result.problems.join("; ")}`);
}
