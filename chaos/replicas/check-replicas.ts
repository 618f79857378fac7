import type { ProcessorProcess } from "../processor/processor-process.ts";
import { emittedModels, finish, kafkaOf, measurementsOf } from "./ask-processor.ts";
import type { ClickHouseProcess } from "./click-house-process.ts";
import { type MessagePlan, MODELS } from "./make-messages.ts";

export interface ReplicaCheck {
  readonly replicas: readonly ProcessorProcess[];
  readonly clickHouse: ClickHouseProcess;
  readonly plan: MessagePlan;
  /** What a single processor finds. */
  readonly expected: readonly string[];
  /** What the replicas found. */
  readonly measurements: readonly string[];
}

const SERIES = "tenant, model, version, role, window_name, start, signal, target_kind, target_name, metric, attributes";

/** What was promised of two replicas, asked of the store itself and of both. */
export async function checkReplicas(
  check: ReplicaCheck,
): Promise<{ counts: Record<string, number>; broken: string[] }> {
  const { replicas, clickHouse, plan, expected, measurements } = check;
  const broken: string[] = [];
  const expect = (holds: boolean, line: string) => {
    if (!holds) broken.push(line);
  };
  const number = async (sql: string) => Number((await clickHouse.query<{ n: string }>(`SELECT ${sql}`))[0]?.n);

  for (const [table, sent] of [
    ["prediction", plan.predictions],
    ["outcome", plan.outcomes],
  ] as const) {
    const rows = await number(`count() AS n FROM ${table} FINAL`);
    const ids = await number(`uniqExact(id) AS n FROM ${table} FINAL`);
    expect(rows === sent && ids === sent, `${sent} of ${table} were sent, ${rows} rows with ${ids} ids are stored`);
  }

  const missing = expected.filter((each) => !measurements.includes(each));
  const more = measurements.filter((each) => !expected.includes(each));
  expect(
    missing.length === 0,
    `${missing.length} measurements of a single processor are missing, such as ${missing[0]}`,
  );
  expect(more.length === 0, `${more.length} measurements are no single processor's, such as ${more[0]}`);
  const rows = await number("count() AS n FROM measurement FINAL");
  const series = await number(`uniqExact(${SERIES}) AS n FROM measurement FINAL`);
  expect(rows === series, `${rows} verdicts for ${series} windows and series`);

  // And it stays so: nobody judges anything again, and both replicas say the same.
  for (const replica of replicas) {
    await finish(replica);
    expect(
      JSON.stringify(await measurementsOf(replica)) === JSON.stringify(measurements),
      "a replica tells otherwise later",
    );
  }
  const emitted = await Promise.all(replicas.map(emittedModels));
  for (const model of MODELS) {
    const speakers = emitted.filter((names) => names.has(model)).length;
    expect(speakers === 1, `${speakers} replicas emit the metrics of ${model}`);
  }
  const counts = {
    "predictions sent": plan.predictions,
    "outcomes sent": plan.outcomes,
    "measurements that stand": measurements.length,
    "windows that stand": await number(
      "uniqExact(tenant, model, version, role, window_name, start) AS n FROM measurement FINAL",
    ),
    "generations of the group": (await kafkaOf(replicas[0]!)).generation ?? 0,
    "generations that wrote": await number("uniqExact(bitShiftRight(revision, 32)) AS n FROM measurement"),
  };
  return { counts, broken };
}
