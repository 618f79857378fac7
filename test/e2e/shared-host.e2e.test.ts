// Three models, each in a service of its own, and one machine that fails: what two of them have in common is told, through the real
// Collector, from what the stock SDK says of a process in its resource.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import type { JoinedIncident } from "@tidemark/schema";
import { startProcessorProcess } from "../../chaos/processor/processor-process.ts";
import { testProfile } from "../../packages/processor/test/service/test-profile.ts";
import { poll } from "./tools/poll.ts";
import { startCollector } from "./tools/start-collector.ts";

const SERVICE = path.resolve(import.meta.dirname, "tools/host-service.ts");
const MONDAY_MS = Date.UTC(2001, 1, 5);
const PREDICTIONS = 2 * 2_400;

/** All three fail on the same day; two of them on one machine. */
const HOSTS = { "flight-delay": "machine-1", fare: "machine-1", connection: "machine-2" } as const;

const folder = mkdtempSync(path.join(tmpdir(), "tidemark-hosts-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("models whose services fail together are one incident where they share a machine, and not where they do not", async () => {
  const models = Object.keys(HOSTS).map((name) => ({
    name,
    profile: `${name}.json`,
    windows: ["24h"],
    service: { errorRatio: { warning: 0.05, critical: 0.2 } },
  }));
  for (const { name, profile } of models) writeFileSync(path.join(folder, profile), JSON.stringify(testProfile(name)));
  const processor = await startProcessorProcess({ folder, config: { clock: { mode: "replay" }, models } });
  try {
    await using collector = await startCollector({
      configs: ["gateway.yaml"],
      cwd: folder,
      env: { TIDEMARK_PROCESSOR_URL: processor.url },
    });
    for (const [model, host] of Object.entries(HOSTS)) {
      const env = {
        ...process.env,
        MODEL: model,
        PROFILE: path.join(folder, `${model}.json`),
        START_MS: String(MONDAY_MS),
        FAILING: "1",
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_RESOURCE_ATTRIBUTES: `service.name=${model}-api,service.instance.id=${model}-0,host.name=${host}`,
      };
      await promisify(execFile)(process.execPath, ["--conditions=tidemark-source", SERVICE], { env });
    }
    const read = async <T>(route: string) => (await (await fetch(`${processor.url}${route}`)).json()) as T;
    await poll("all points are stored", 60, async () => {
      const { models: known } = await read<{ models: { predictions: number; model: string }[] }>("/v1/models");
      const complete = known.filter(({ predictions }) => predictions === PREDICTIONS);
      return complete.length === models.length ? true : undefined;
    });
    await fetch(`${processor.url}/v1/replay`, { method: "POST", body: '{"finish": true}' });
    const { joinedIncidents } = await read<{ joinedIncidents: JoinedIncident[] }>("/v1/joined-incidents");
    assert.deepEqual(
      joinedIncidents.map(({ models: of, shared }) => ({ of, shared })),
      [{ of: ["fare", "flight-delay"], shared: { kind: "host", place: "host", names: ["machine-1"] } }],
      processor.log().slice(-2_000),
    );
    const { incidents } = await read<{ incidents: { model: string; signal: string }[] }>("/v1/incidents");
    assert.ok(
      incidents.some(({ model, signal }) => model === "connection" && signal === "service"),
      "the third has its incident, alone",
    );
    assert.equal(await processor.stop("SIGTERM"), 0);
  } finally {
    if (!processor.hasEnded()) await processor.stop("SIGKILL");
  }
});
