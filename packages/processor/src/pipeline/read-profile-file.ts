import { readFile } from "node:fs/promises";
import { contentHash, type Profile, profileSchema } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";

/**
 * Reads a profile file and checks it against its schema and its own content hash.
 * Throws TidemarkError `profileUnreadable` where it is missing, torn, or was changed by hand.
 */
export async function readProfileFile(file: string): Promise<Profile> {
  const parsed = profileSchema.safeParse(await readJson(file));
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const message = `${file} is not a profile: at ${issue.path.join(".")}: ${issue.message}`;
    throw new TidemarkError("profileUnreadable", message);
  }
  const { id, ...content } = parsed.data;
  const expected = contentHash(content);
  if (id !== expected) {
    const message = `${file} was altered: its content hashes to ${expected}, its id is ${id}`;
    throw new TidemarkError("profileUnreadable", message);
  }
  return parsed.data;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new TidemarkError("profileUnreadable", `cannot read the profile ${file}: ${(cause as Error).message}`, {
      cause,
    });
  }
}
