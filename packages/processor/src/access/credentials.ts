import { createHash, timingSafeEqual } from "node:crypto";
import type { CredentialsFile } from "@tidemark/schema";
import type { Principal } from "./principal.ts";

/** A principal, and until when its credential is good. */
export interface Identity {
  readonly principal: Principal;
  /** Unix milliseconds; null for one that does not end. */
  readonly expiresMs: number | null;
}

export interface Credentials {
  /** Null for a stranger. Every known digest is compared, whichever matches. */
  byToken(token: string): Identity | null;
  /** The first credential that carries one of a certificate's names; null for a stranger. */
  byCertificate(names: readonly string[]): Identity | null;
}

/** The credentials of a checked file. Tokens are known by their SHA-256 digest alone, which suffices as they are random. */
export function createCredentials({ credentials }: CredentialsFile): Credentials {
  const identities = credentials.map(({ name, tenant, scopes, expires, tokens, certificate }) => ({
    identity: {
      principal: { name, tenant, scopes: new Set(scopes) },
      expiresMs: expires === undefined ? null : Date.parse(expires),
    },
    tokens,
    certificate,
  }));
  const digests = identities.flatMap(({ identity, tokens }) =>
    tokens.map((token) => ({ identity, digest: Buffer.from(token.slice("sha256:".length), "hex") })),
  );
  return {
    byToken(token) {
      const digest = createHash("sha256").update(token).digest();
      let found: Identity | null = null;
      for (const known of digests) if (timingSafeEqual(known.digest, digest)) found = known.identity;
      return found;
    },
    byCertificate(names) {
      const match = identities.find(({ certificate }) => certificate !== undefined && names.includes(certificate));
      return match?.identity ?? null;
    },
  };
}
