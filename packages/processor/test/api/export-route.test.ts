import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { test } from "node:test";
import { exportRoute } from "../../src/api/export-route.ts";
import type { RequestError } from "../../src/api/request-error.ts";

const route = exportRoute({
  listKeys: async (tenant) => [{ tenant, model: "m", version: "1", role: "champion" }],
  writeFile: ({ path }) => writeFile(path, "rows"),
});

async function ask(tenant: string): Promise<Readable> {
  const principal = { name: "any", tenant, scopes: new Set<never>() };
  const request = {} as IncomingMessage;
  const query = new URLSearchParams({ model: "m", format: "csv" });
  return (await route.answer({ request, query, id: "", principal, note: () => {} })).body as Readable;
}

const isBusy = (error: RequestError) => error.status === 503 && error.headers["retry-after"] === "5";

test("exports that are not taken are bounded, one tenant does not hold every place, and what ends gives its place back", async () => {
  const held = [await ask("acme"), await ask("acme"), await ask("acme")];
  await assert.rejects(ask("acme"), isBusy);
  held.push(await ask("globex"));
  await assert.rejects(ask("globex"), isBusy);
  for (const body of held) {
    body.destroy();
    await once(body, "close");
  }
  const body = await ask("acme");
  assert.equal((await body.toArray()).join(""), "rows");
});
