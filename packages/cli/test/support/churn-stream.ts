import { askProcessor } from "../../src/report/http-read-api.ts";

const START_MS = Date.UTC(2001, 0, 1);
const HOUR_MS = 3_600_000;
export const DAYS = 3;

/** 200 predictions a day of an ensemble, as an export has them; every outcome is known two hours later. */
export const rows = Array.from({ length: DAYS * 200 }, (_, at) => {
  const ms = START_MS + at * 432_000;
  return {
    id: `p${String(at).padStart(4, "0")}`,
    time: new Date(ms).toISOString(),
    version: "1",
    role: "champion",
    score: (at % 10) / 10,
    label: at % 3 ? "no" : "yes",
    weight: at % 2 ? 1 : 2,
    age: at % 7,
    "member:trees": ((at * 7) % 10) / 10,
    "member:linear": (2 * (at % 10) - ((at * 7) % 10) + 10) / 40,
    outcome_label: at % 4 ? "no" : "yes",
    outcome_time: new Date(ms + 2 * HOUR_MS).toISOString(),
  };
});

/** Sends rows the way a service would: predictions and outcomes as they come, in small requests. */
export async function stream(url: string): Promise<void> {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const number = (key: string, doubleValue: number) => ({ key, value: { doubleValue } });
  const events = rows
    .flatMap((row) => [
      {
        ms: Date.parse(row.time),
        name: "ml.inference.details",
        attributes: [
          text("ml.model.name", "churn"),
          text("ml.model.version", "1"),
          text("ml.inference.id", row.id),
          text("ml.prediction.label", row.label),
          number("ml.prediction.score", row.score),
          number("ml.sampling.probability", 1 / row.weight),
          {
            key: "ml.ensemble.answers",
            value: {
              kvlistValue: { values: [number("trees", row["member:trees"]), number("linear", row["member:linear"])] },
            },
          },
          { key: "ml.inference.inputs", value: { kvlistValue: { values: [number("age", row.age)] } } },
        ],
      },
      {
        ms: Date.parse(row.outcome_time),
        name: "ml.outcome.reported",
        attributes: [
          text("ml.model.name", "churn"),
          text("ml.inference.id", row.id),
          text("ml.outcome.kind", "class"),
          text("ml.outcome.label", row.outcome_label),
        ],
      },
    ])
    .sort((a, b) => a.ms - b.ms);
  for (let at = 0; at < events.length; at += 97) {
    const logRecords = events.slice(at, at + 97).map(({ ms, name, attributes }) => ({
      timeUnixNano: `${BigInt(ms) * 1_000_000n}`,
      eventName: name,
      attributes,
    }));
    await askProcessor(url, "/v1/logs", null, { resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
  }
  await askProcessor(url, "/v1/replay", null, { finish: true });
}
