import { readFile } from "node:fs/promises";
import { contentHash, type Profile, profileSchema } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";

/**
 * Reads a profile file and checks it against its schema and its own content hash.
 * Throws TidemarkError `profileUnreadable` when it is missing, torn, or was changed by hand.
 */
export async function readProfile(file: string): Promise<Profile> {
  const result = profileSchema.safeParse(await readJson(file));
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new TidemarkError(
      "profileUnreadable",
      `${file} is not a profile: ${issue?.path.join(".")}: ${issue?.message}`,
    );
  }
  const { id, ...content } = result.data;
  const actual = contentHash(content);
  if (actual !== id)
    throw new TidemarkError("profileUnreadable", `${file} says it is ${id} but its content is ${actual}`);
  return result.data;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    const reason =
      cause instanceof SyntaxError ? "it is not JSON" : ((cause as NodeJS.ErrnoException).code ?? String(cause));
    throw new TidemarkError("profileUnreadable", `cannot read the profile ${file}: ${reason}`, { cause });
  }
}
