import type { SeededRandom } from "../../bench/detection/seeded-random.ts";
import { otlpJsonToProtobuf } from "../../packages/otlp/test/support/otlp-json-to-protobuf.ts";
import {
  HOUR_MS,
  MONDAY_MS,
  outcomeRecord,
  predictionRecord,
} from "../../packages/processor/test/service/otlp-requests.ts";

/** Models enough that both replicas own some. */
export const MODELS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"];

export interface MessagePlan {
  readonly messages: readonly Buffer[];
  readonly predictions: number;
  readonly outcomes: number;
}

const RECORDS = 40;
/** Of all messages: outcomes of what went before, and predictions that come hours late. */
const OUTCOME_SHARE = 0.35;
const LATE_SHARE = 0.1;
const LATE_HOURS = 8;

/** `count` log requests, equal for equal seeds; event time goes on by an hour in ten messages. */
export function makeMessages(count: number, random: SeededRandom): MessagePlan {
  const pending: { id: string; model: string; timeMs: number; score: number }[] = [];
  const messages: Buffer[] = [];
  let predictions = 0;
  let outcomes = 0;
  const below = (bound: number) => Math.floor(random.uniform() * bound);
  for (let number = 0; number < count; number++) {
    let records: object[];
    if (random.uniform() < OUTCOME_SHARE && pending.length > RECORDS) {
      const known = Array.from({ length: RECORDS }, () => pending.splice(below(pending.length), 1)[0]!);
      records = known.map(({ id, model, timeMs, score }) =>
        outcomeRecord({ id, model, timeMs: timeMs + HOUR_MS, label: random.uniform() < score ? "late" : "on_time" }),
      );
      outcomes += RECORDS;
    } else {
      const model = MODELS[below(MODELS.length)]!;
      const hour = Math.floor(number / 10) - (random.uniform() < LATE_SHARE ? below(LATE_HOURS) : 0);
      const made = Array.from({ length: RECORDS }, (_, index) => ({
        id: `${number}-${index}`,
        model,
        timeMs: MONDAY_MS + Math.max(0, hour) * HOUR_MS + below(HOUR_MS),
        score: random.uniform(),
        distance: random.uniform() * 1_000,
        origin: random.uniform() < 0.5 ? "LAS" : "PHX",
      }));
      pending.push(...made);
      records = made.map(predictionRecord);
      predictions += RECORDS;
    }
    const request = { resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] };
    messages.push(Buffer.from(otlpJsonToProtobuf("logs", request)));
  }
  return { messages, predictions, outcomes };
}
