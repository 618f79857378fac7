import { createHash, timingSafeEqual } from "node:crypto";
import type { ResponderConfig } from "@tidemark/schema";
import { readSecret } from "../act/read-secret.ts";
import type { Person } from "../engine/person.ts";

/** Tells who a token belongs to. */
export interface People {
  identify(token: string): Person | null;
}

/** Reads every person's token; only digests stay in memory. Throws TidemarkError `secretUnreadable` or `configInvalid`. */
export async function loadPeople(config: ResponderConfig, directory: string): Promise<People> {
  const known = await Promise.all(
    config.people.map(async ({ name, roles, models, tokenFile }) => ({
      person: { name, roles, models },
      digest: digestOf(await readSecret(directory, tokenFile)),
    })),
  );
  return {
    identify(token) {
      const digest = digestOf(token);
      // Every digest is compared, so that the time does not tell which one came near.
      const matches = known.filter((one) => timingSafeEqual(one.digest, digest));
      return matches[0]?.person ?? null;
    },
  };
}

function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
