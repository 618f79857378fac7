import type { Scope } from "@tidemark/schema";
import type { Access, Authorization, Caller, RefusalReason } from "./access.ts";
import type { Credentials, Identity } from "./credentials.ts";

const CHALLENGE = 'Bearer realm="tidemark", Basic realm="tidemark", charset="UTF-8"';
const SAFE_METHODS: ReadonlySet<string | undefined> = new Set(["GET", "HEAD"]);

/**
 * Lets in whom the credentials know: by bearer token, by the token as password of Basic authentication (for people's
 * browsers, and only for reading, since a browser sends it wherever a page points it), or by client certificate. A token
 * that is sent decides, so that a certificate never widens what its bearer may do.
 * @param credentials The credentials in force now.
 * @param now Unix milliseconds.
 */
export function credentialAccess(credentials: () => Credentials, now: () => number): Access {
  return {
    authorize(caller, scope) {
      const identity = identify(caller, credentials());
      if (identity === null) return refused(401, "unknown_credential", "the credential is not known");
      if (identity === "none") return refused(401, "no_credential", `a credential with the scope ${scope} is needed`);
      const { principal, expiresMs } = identity;
      if (expiresMs !== null && now() >= expiresMs) {
        return refused(401, "expired_credential", `the credential ${principal.name} has expired`);
      }
      return principal.scopes.has(scope) ? { kind: "allowed", principal } : lacking(principal.name, scope);
    },
  };
}

function identify(caller: Caller, credentials: Credentials): Identity | null | "none" {
  const { authorization } = caller.headers;
  if (authorization !== undefined) {
    const token = tokenOf(authorization, caller.method);
    return token === null ? null : credentials.byToken(token);
  }
  const names = certificateNames(caller.certificate);
  return names.length === 0 ? "none" : credentials.byCertificate(names);
}

function tokenOf(authorization: string, method: string | undefined): string | null {
  const [scheme = "", value = ""] = authorization.trim().split(/ +/, 2);
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic" || !SAFE_METHODS.has(method)) return null;
  const pair = Buffer.from(value, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  return colon < 0 ? null : pair.slice(colon + 1);
}

/** The names that a client certificate proves. */
function certificateNames(certificate: Caller["certificate"]): readonly string[] {
  if (certificate === null) return [];
  const { subject, subjectaltname = "" } = certificate;
  // Names with a comma come quoted, so that one name cannot pass for two.
  const alternatives = [...subjectaltname.matchAll(/(?:^|, )(?:DNS|URI):([^",]+)(?=,|$)/g)].map((match) => match[1]!);
  const common = subject?.CN;
  return [...alternatives, ...(typeof common === "string" ? [common] : [])];
}

function lacking(name: string, scope: Scope): Authorization {
  return {
    kind: "refused",
    status: 403,
    reason: "missing_scope",
    message: `the credential ${name} lacks the scope ${scope}`,
  };
}

function refused(status: 401, reason: RefusalReason, message: string): Authorization {
  return { kind: "refused", status, reason, message, challenge: CHALLENGE };
}
