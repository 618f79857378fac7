// `npm run chaos -- NAME [--runs N] [--seed S] [--json FILE]`: seeded faults, and whether every promise was kept.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { ChaosResult, ChaosSize } from "./chaos-result.ts";
import { chaosOtlp } from "./otlp/chaos-otlp.ts";
import { chaosOverload } from "./overload/chaos-overload.ts";
import { chaosReplicas } from "./replicas/chaos-replicas.ts";
import { chaosResponder } from "./responder/chaos-responder.ts";
import { chaosSoak } from "./soak/chaos-soak.ts";
import { chaosStore } from "./store/chaos-store.ts";

const CHAOS: Readonly<Record<string, (size: ChaosSize) => Promise<ChaosResult>>> = {
  responder: chaosResponder,
  otlp: chaosOtlp,
  store: chaosStore,
  replicas: chaosReplicas,
  overload: chaosOverload,
  soak: chaosSoak,
};

const USAGE = `usage: npm run chaos -- NAME [--runs N] [--seed S] [--json FILE]

  responder   two replicas, processes that die at any statement, alerts twice and in any order, targets that fail or
              hang, a clock that jumps: no action twice, none without approval, none past its budget
  otlp        mutated OTLP requests (protobuf and JSON, by structure and by byte) and bombs against a real processor: no
              crash, no growth, the right status each; a run is a request
  store       SIGKILL under load, while parts are merged and while tables are migrated; a full disk, failing writes, a
              folder without permission, torn files: what was acknowledged is there, once
  replicas    two processors on one ClickHouse and one Kafka, all processes; one is killed in each run: every record counted
              once, every window judged once, to the bit as by a single processor (needs Java 17 and Maven)
  overload    ten times the sustainable load while the store stands still for two fifths of the time; a run is a minute
  soak        a steady rate: flat memory, latency and open files; a run is a minute

  --runs N    how many runs (100)      --seed S  equal seeds make equal runs (1)
  --json FILE writes { name, runs, seed, counts, broken }

Exit code 0 where every promise was kept, 1 where one was broken.`;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h", default: false },
      runs: { type: "string", default: "100" },
      seed: { type: "string", default: "1" },
      json: { type: "string" },
    },
  });
  const [name] = positionals;
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const chaos = name === undefined ? undefined : CHAOS[name];
  const [runs, seed] = [Number(values.runs), Number(values.seed)];
  if (
    chaos === undefined ||
    positionals.length > 1 ||
    !(Number.isInteger(runs) && runs > 0) ||
    !Number.isInteger(seed)
  ) {
    console.error(
      `cannot run ${positionals.join(" ") || "nothing"} with --runs ${values.runs} --seed ${values.seed}\n${USAGE}`,
    );
    return 2;
  }
  const result = await chaos({ runs, seed, onRun: (done) => progress(done, runs) });
  for (const [what, count] of Object.entries(result.counts)) console.log(`${String(count).padStart(8)}  ${what}`);
  for (const line of result.broken) console.error(`BROKEN ${line}`);
  console.log(
    result.broken.length === 0 ? `every promise was kept in ${runs} runs` : `${result.broken.length} broken promises`,
  );
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 1)}\n`);
  return result.broken.length === 0 ? 0 : 1;
}

function progress(done: number, runs: number): void {
  const every = Math.max(1, Math.floor(runs / 10));
  if (done % every === 0) console.error(`${done} of ${runs} runs`);
}
