import { createHash, randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { type CredentialsFile, parseCredentials } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import { type Document, parseDocument, YAMLSeq } from "yaml";

export type Credential = CredentialsFile["credentials"][number];

const HEADER = " Who may do what. Made by `tidemark token`; holds SHA-256 digests of tokens, never a token.";
/** Secret scanners find what has a name. */
const PREFIX = "tidemark_";
const TOKEN_BYTES = 32;

/** A new token of 256 random bits, and the digest that is stored in its place. */
export function createToken(): { readonly token: string; readonly digest: string } {
  const token = PREFIX + randomBytes(TOKEN_BYTES).toString("base64url");
  return { token, digest: `sha256:${createHash("sha256").update(token).digest("hex")}` };
}

/** The credentials of a file; none where there is no file. Throws TidemarkError `credentialsInvalid`. */
export function listCredentials(path: string): readonly Credential[] {
  return existsSync(path) ? check(path, open(path)).credentials : [];
}

/** Adds a token, or what else is given, to the credential of that name, which is made where there is none. */
export function addCredential(
  path: string,
  { tokens, ...rest }: Partial<Credential> & { readonly name: string },
): void {
  const document = open(path);
  const found = entries(document).findIndex((entry) => entry.name === rest.name);
  if (found < 0) {
    (document.get("credentials") as YAMLSeq).add(document.createNode({ ...rest, ...(tokens ? { tokens } : {}) }));
  } else {
    const known = entries(document)[found]!;
    for (const [key, value] of Object.entries(rest)) document.setIn(["credentials", found, key], value);
    if (tokens !== undefined) document.setIn(["credentials", found, "tokens"], [...(known.tokens ?? []), ...tokens]);
  }
  save(path, document);
}

/**
 * Removes a credential, or all its tokens but the newest, and returns how many tokens went.
 * Throws TidemarkError `usage` where there is none of that name, and where it is the only one.
 */
export function removeCredential(path: string, name: string, keepNewest: boolean): number {
  const document = open(path);
  const index = entries(document).findIndex((entry) => entry.name === name);
  const tokens = entries(document)[index]?.tokens ?? [];
  if (index < 0) throw new TidemarkError("usage", `${path} has no credential of the name "${name}"`);
  if (keepNewest) document.setIn(["credentials", index, "tokens"], tokens.slice(-1));
  else document.deleteIn(["credentials", index]);
  if (entries(document).length === 0) {
    throw new TidemarkError("usage", `"${name}" is the only credential of ${path}; add another one first`);
  }
  save(path, document);
  return keepNewest ? Math.max(0, tokens.length - 1) : tokens.length;
}

function open(path: string): Document {
  const document = parseDocument(existsSync(path) ? readFileSync(path, "utf8") : "credentials: []\n");
  if (document.errors.length > 0) throw new TidemarkError("credentialsInvalid", `${path} is not YAML`);
  if (!existsSync(path)) document.commentBefore = HEADER;
  if (!(document.get("credentials") instanceof YAMLSeq)) {
    throw new TidemarkError("credentialsInvalid", `${path} has no list of credentials`);
  }
  return document;
}

function entries(document: Document): Partial<Credential>[] {
  return (document.toJS() as { credentials: Partial<Credential>[] }).credentials;
}

function check(path: string, document: Document): CredentialsFile {
  const result = parseCredentials(document.toJS());
  if (result.ok) return result.file;
  throw new TidemarkError("credentialsInvalid", `${path}: ${result.problems.join("; ")}`);
}

/** Written beside and renamed, so that whoever reads sees the old file or the new one. */
function save(path: string, document: Document): void {
  check(path, document);
  const beside = `${path}.${process.pid}.tmp`;
  const file = openSync(beside, "w", 0o600);
  try {
    writeSync(file, document.toString());
    fsyncSync(file);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}
