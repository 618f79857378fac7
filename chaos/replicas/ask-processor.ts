import type { Measurement } from "@tidemark/schema";
import type { ProcessorProcess } from "../processor/processor-process.ts";

type Asked = Pick<ProcessorProcess, "url">;

async function json<T>({ url }: Asked, route: string): Promise<T> {
  const answer = await fetch(`${url}${route}`);
  if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

export interface GroupState {
  readonly state: string;
  readonly lag: number | null;
  readonly generation: number | null;
}

/** What a replica says of Kafka. */
export async function kafkaOf(processor: Asked): Promise<GroupState> {
  return (await json<{ kafka: GroupState }>(processor, "/v1/status")).kafka;
}

/** Windows judged since its start, again ones included. */
export async function judgedBy(processor: Asked): Promise<number> {
  return (await json<{ evaluation: { windows: number } }>(processor, "/v1/status")).evaluation.windows;
}

/** Ends the replay; resolves with the number of windows judged for it. */
export async function finish({ url }: Asked): Promise<number> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/v1/replay`, { method: "POST", headers, body: '{"finish": true}' });
  if (!answer.ok) throw new Error(`/v1/replay: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { windows: number }).windows;
}

/** Every measurement as text, sorted; without its revision, which says how often it was judged. */
export async function measurementsOf(processor: Asked): Promise<string[]> {
  const { measurements } = await json<{ measurements: Measurement[] }>(processor, "/v1/measurements");
  return measurements.map((each) => JSON.stringify({ ...each, revision: 0 })).sort();
}

/** Names of the models that it emits metrics of. */
export async function emittedModels({ url }: Asked): Promise<Set<string>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return new Set([...text.matchAll(/^ml_monitor_status\{[^}]*ml_model_name="([^"]+)"/gm)].map(([, name]) => name!));
}
