import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import type { AuditEvent } from "../../src/access/audit-log.ts";
import { openAccess } from "../../src/access/open-access.ts";
import { querySchemas } from "../../src/api/query-schemas.ts";
import { RequestError } from "../../src/api/request-error.ts";
import { createRouter } from "../../src/api/router.ts";
import type { Route, RouteCall } from "../../src/api/routes.ts";
import { jsonAnswer } from "../../src/receive/answer.ts";

test("a change is audited with what it says of itself, also where it fails half-way; a refusal is not", async () => {
  const audited: AuditEvent[] = [];
  const ask = async (answer: (call: RouteCall) => Promise<never> | ReturnType<Route["answer"]>) => {
    const route: Route = {
      method: "POST",
      path: "/v1/erasures",
      summary: "",
      scope: "act",
      query: querySchemas.none,
      answer,
    };
    const router = createRouter({ routes: [route], access: openAccess(), audit: (event) => void audited.push(event) });
    const request = { url: "/v1/erasures", method: "POST", headers: { host: "127.0.0.1" } } as IncomingMessage;
    await router(request).catch(() => undefined);
    return audited.splice(0).map(({ actor, action, detail }) => ({ actor, action, detail }));
  };
  const event = (detail: object) => [{ actor: "local", action: "POST /v1/erasures", detail }];
  const changed = await ask(async ({ note }) => {
    note({ ids: 3 });
    return jsonAnswer(200, {});
  });
  assert.deepEqual(changed, event({ status: 200, ids: 3 }));
  const failed = await ask(async ({ note }) => {
    note({ ids: 3 });
    throw new Error("the disk went away");
  });
  assert.deepEqual(failed, event({ failed: true, ids: 3 }));
  const refused = await ask(async () => {
    throw new RequestError(400, "requestInvalid", "no");
  });
  assert.deepEqual(refused, []);
});
