import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { Scope } from "@tidemark/schema";
import { credentialAccess } from "../../src/access/credential-access.ts";
import { createCredentials } from "../../src/access/credentials.ts";
import { isLoopback } from "../../src/access/is-loopback.ts";
import { openAccess } from "../../src/access/open-access.ts";

const digest = (token: string) => `sha256:${createHash("sha256").update(token).digest("hex")}`;
const credentials = createCredentials({
  credentials: [
    { name: "reader", tenant: "acme", scopes: ["read"], tokens: [digest("old"), digest("new")] },
    { name: "brief", tenant: "acme", scopes: ["read"], tokens: [digest("brief")], expires: "2026-01-01T00:00:00Z" },
  ],
});
const access = credentialAccess(
  () => credentials,
  () => Date.UTC(2026, 0, 1),
);

function ask(headers: Record<string, string>, scope: Scope = "read", method = "GET"): string {
  const result = access.authorize({ method, headers, certificate: null }, scope);
  return result.kind === "allowed" ? `${result.principal.name} of ${result.principal.tenant}` : result.reason;
}

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });

test("a token says who asks, and only what it allows is allowed", () => {
  const f = (headers: Record<string, string>, want: string, scope?: Scope, method?: string) =>
    assert.equal(ask(headers, scope, method), want, JSON.stringify(headers));
  f({ authorization: "Bearer new" }, "reader of acme");
  f({ authorization: "bearer  old" }, "reader of acme");
  f({}, "no_credential");
  f({ authorization: "Bearer nearly" }, "unknown_credential");
  f({ authorization: "Bearer " }, "unknown_credential");
  f({ authorization: "Digest new" }, "unknown_credential");
  f({ authorization: digest("new") }, "unknown_credential");
  f({ authorization: `Bearer ${digest("new")}` }, "unknown_credential");
  f({ authorization: "Bearer new" }, "missing_scope", "ingest");
  f({ authorization: "Bearer brief" }, "expired_credential");
});

test("a browser may send the token as password, and only to read", () => {
  assert.equal(ask(basic("anyone:new")), "reader of acme");
  assert.equal(ask(basic("anyone:new"), "read", "POST"), "unknown_credential");
  assert.equal(ask(basic("new")), "unknown_credential");
});

test("without credentials this machine may do everything, and a page in its browser nothing", () => {
  const f = (headers: Record<string, string>, want: "allowed" | "refused") =>
    assert.equal(openAccess().authorize({ headers, method: "POST", certificate: null }, "act").kind, want);
  f({ host: "127.0.0.1:4318" }, "allowed");
  f({ host: "localhost:4318" }, "allowed");
  f({ host: "[::1]:4318" }, "allowed");
  f({ host: "127.0.0.1:4318", origin: "http://127.0.0.1:4318" }, "allowed");
  f({ host: "rebound.example:4318" }, "refused");
  f({ host: "127.0.0.1.example:4318" }, "refused");
  f({ host: "127.0.0.1:4318", origin: "https://page.example" }, "refused");
  f({ host: "127.0.0.1:4318", origin: "null" }, "refused");
  f({ host: "127.0.0.1:4318", origin: "http://127.0.0.1:3000" }, "refused");
});

test("loopback is this machine alone", () => {
  for (const host of ["localhost", "127.0.0.1", "127.9.9.9", "::1"]) assert.equal(isLoopback(host), true, host);
  for (const host of ["0.0.0.0", "::", "10.0.0.1", "127.evil.example", "processor", ""])
    assert.equal(isLoopback(host), false, host);
});
