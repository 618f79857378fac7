import { z } from "zod";

/** What a credential may do: send records, read what its tenant has, see the process itself, change what is judged. */
export const SCOPES = ["ingest", "read", "admin", "act"] as const;
export type Scope = (typeof SCOPES)[number];

/** The tenant of a processor that knows only one. */
export const DEFAULT_TENANT = "default";

export const tenantName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, "expected a tenant such as default or acme");

const credentialSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, "expected a name such as collector-eu")
      .describe("Who holds it; stands in the audit log."),
    tenant: tenantName.default(DEFAULT_TENANT).describe("Tenant that everything sent and read belongs to."),
    scopes: z.array(z.enum(SCOPES)).min(1).describe("What it may do."),
    tokens: z
      .array(z.string().regex(/^sha256:[0-9a-f]{64}$/, "expected sha256: and 64 hexadecimal digits"))
      .default([])
      .describe("SHA-256 of each bearer token; two while one takes the other's place."),
    certificate: z
      .string()
      .min(1)
      .optional()
      .describe("Name in the client certificate: a URI or DNS alternative name, or the common name."),
    expires: z.iso.datetime({ offset: true }).optional().describe("When it stops being good."),
  })
  .refine(
    ({ tokens, certificate }) => tokens.length > 0 || certificate !== undefined,
    "expected tokens or a certificate's name",
  );

/** The file that `server.access.credentials` names. */
const credentialsFileSchema = z.strictObject({
  credentials: z
    .array(credentialSchema)
    .min(1)
    .superRefine((credentials, context) => {
      const tokens = new Set<string>();
      credentials.forEach(({ name, tokens: own }, index) => {
        if (credentials.findIndex((other) => other.name === name) < index) {
          context.addIssue({ code: "custom", path: [index, "name"], message: "expected each name once" });
        }
        for (const token of own) {
          if (tokens.has(token)) {
            context.addIssue({ code: "custom", path: [index, "tokens"], message: "expected each token once" });
          }
          tokens.add(token);
        }
      });
    }),
});

export type CredentialsFile = z.infer<typeof credentialsFileSchema>;

/**
 * Checks the parsed content of a file of credentials. Problems name the place and what was expected, never what was
 * found: that may be a secret.
 */
export function parseCredentials(
  value: unknown,
): { readonly ok: true; readonly file: CredentialsFile } | { readonly ok: false; readonly problems: string[] } {
  const result = credentialsFileSchema.safeParse(value);
  if (result.success) return { ok: true, file: result.data };
  const problems = result.error.issues.map((issue) => {
    const place = issue.path.length === 0 ? "the file" : issue.path.join(".");
    return issue.code === "unrecognized_keys" ? `${place} has an unknown key` : `${place}: ${issue.message}`;
  });
  return { ok: false, problems };
}
