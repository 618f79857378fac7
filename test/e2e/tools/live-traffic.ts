import { randomUUID } from "node:crypto";
import { embeddingOf, type LiveFlight, minutesOf } from "./flight-traffic.ts";
import { type EventSpec, sendEvents } from "./otlp-json.ts";

const KILOMETRES_PER_MILE = 1.609344;
const BATCH = 20;
const BATCH_EVERY_MS = 1_000;
/** A flight lands this long after it left: at real speed nobody waits for hours. */
const LANDS_AFTER_MS = 3_000;

/** Flights that depart, and land a little later. */
export interface LiveTraffic {
  /** From the next batch on distances come in kilometres; resolves with the time of the first of them. */
  breakDistances(): Promise<number>;
  /** From now on the two models without instrumentation answer too. */
  addOthers(): void;
  stop(): Promise<void>;
}

/** Departures at real speed: to the service, and as events of two models that no instrumentation of ours serves. */
export function startLiveTraffic(
  flights: readonly LiveFlight[],
  serviceUrl: string,
  collectorUrl: string,
): LiveTraffic {
  let next = 0;
  let isBroken = false;
  let withOthers = false;
  let tellBroken: (atMs: number) => void = () => {};
  let timer: NodeJS.Timeout;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const landings: { atMs: number; events: EventSpec[] }[] = [];

  const batch = async (): Promise<void> => {
    const nowMs = Date.now();
    const chosen = Array.from({ length: BATCH }, () => flights[next++ % flights.length]!);
    const rows = chosen.map((flight, index) => ({
      flight,
      id: randomUUID(),
      // Later on a value is missing now and then, so that the panels of data quality have something to show.
      inputs: { ...flight.inputs, ...(withOthers && index === 0 ? { inbound_delay: null } : {}) },
    }));
    const departures = rows.map(({ id, inputs }) => ({
      ...inputs,
      id,
      departureMs: nowMs,
      distance: Number(inputs.distance) * (isBroken ? KILOMETRES_PER_MILE : 1),
    }));
    const wasBroken = isBroken;
    const answer = await fetch(`${serviceUrl}/predict`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(departures),
    });
    const answers = (await answer.json()) as { id: string; score: number; label: string }[];
    if (wasBroken) tellBroken(nowMs);
    const others = withOthers;
    if (others) {
      const events = rows.flatMap(({ flight, id }, index) => otherModels(flight, id, answers[index]!, nowMs));
      await sendEvents(collectorUrl, events);
    }
    const landMs = nowMs + LANDS_AFTER_MS;
    landings.push({ atMs: landMs, events: rows.flatMap(({ flight, id }) => outcomes(flight, id, landMs, others)) });
    while (landings.length > 0 && landings[0]!.atMs <= nowMs) await sendEvents(collectorUrl, landings.shift()!.events);
  };
  const loop = (): void => {
    running = batch().then(
      () => {
        if (!stopped) timer = setTimeout(loop, BATCH_EVERY_MS);
      },
      (error) => console.error(error),
    );
  };
  loop();
  return {
    breakDistances: () =>
      new Promise((resolve) => {
        tellBroken = (atMs) => {
          tellBroken = () => {};
          resolve(atMs);
        };
        isBroken = true;
      }),
    addOthers() {
      withOthers = true;
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** The batch model with its challenger, which is less sure of itself, and the regression. */
function otherModels(
  flight: LiveFlight,
  id: string,
  { score, label }: { score: number; label: string },
  timeMs: number,
): EventSpec[] {
  const inputs = Object.fromEntries(Object.entries(flight.inputs).filter(([, value]) => value !== null)) as Record<
    string,
    string | number
  >;
  const event = (attributes: EventSpec["attributes"]): EventSpec => ({
    event: "ml.inference.details",
    timeMs,
    attributes,
  });
  // Two members around the score, whose mean it is.
  const spread = Math.min(score, 1 - score) / 2;
  const classified = (version: string, role: string, p: number) =>
    event({
      "ml.model.name": "flight-batch",
      "ml.model.version": version,
      "ml.deployment.role": role,
      "ml.inference.id": `batch-${id}`,
      "ml.prediction.label": label,
      "ml.prediction.score": p,
      "ml.inference.inputs": inputs,
      "ml.inference.attributions": { distance: score - 0.5, inbound_delay: 0.5 - score / 2 },
      ...(role === "champion" ? { "ml.ensemble.answers": { high: p + spread, low: p - spread } } : {}),
    });
  return [
    classified("1", "champion", score),
    classified("2", "challenger", 0.5 + (score - 0.5) / 2),
    event({
      "ml.model.name": "flight-minutes",
      "ml.model.version": "1",
      "ml.inference.id": `minutes-${id}`,
      "ml.prediction.value": minutesOf(flight),
      "ml.inference.inputs": { distance: Number(flight.inputs.distance), flight: embeddingOf(flight) },
    }),
  ];
}

function outcomes(flight: LiveFlight, id: string, timeMs: number, withOthers: boolean): EventSpec[] {
  const event = (model: string, attributes: EventSpec["attributes"]): EventSpec => ({
    event: "ml.outcome.reported",
    timeMs,
    attributes: { "ml.model.name": model, ...attributes },
  });
  const late = { "ml.outcome.kind": "class", "ml.outcome.label": flight.outcome };
  return [event("flight-delay", { "ml.inference.id": id, ...late }), ...(withOthers ? othersOutcomes() : [])];

  function othersOutcomes(): EventSpec[] {
    return [
      event("flight-batch", { "ml.inference.id": `batch-${id}`, ...late }),
      event("flight-minutes", {
        "ml.inference.id": `minutes-${id}`,
        "ml.outcome.kind": "value",
        "ml.outcome.value": flight.flightMinutes,
      }),
    ];
  }
}
