import {
  type Explanation,
  explanationSchema,
  type Incident,
  incidentSchema,
  type Measurement,
  measurementSchema,
} from "@tidemark/schema";
import { z } from "zod";

/** A model, and a version of it; everything where neither is given. */
export interface Asked {
  readonly model?: string;
  readonly version?: string;
}

/** Windows of a target that began at or after a time, ISO 8601. */
export interface AskedWindows {
  readonly model: string;
  readonly signal: string;
  readonly target: string;
  readonly from: string;
}

/** What the responder asks of a processor. All reject where it cannot be asked, or not in time. */
export interface Processor {
  incidents(asked: Asked, signal?: AbortSignal): Promise<Incident[]>;
  /** Why windows turned critical, with predictions that show it. */
  explanations(asked: Asked, signal?: AbortSignal): Promise<Explanation[]>;
  measurements(asked: AskedWindows): Promise<Measurement[]>;
}

export type ReadIncidents = Processor["incidents"];

const incidentsAnswer = z.object({ incidents: z.array(incidentSchema) });
const measurementsAnswer = z.object({ measurements: z.array(measurementSchema) });
const explanationsAnswer = z.object({ explanations: z.array(explanationSchema) });
const TIMEOUT_MS = 5_000;

/** A processor at an address, asked with a token where it wants one. */
export function askProcessor(processor: string, token: string | null): Processor {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const get = async (path: string, asked: Asked | AskedWindows, signal?: AbortSignal): Promise<unknown> => {
    const url = new URL(path, processor);
    for (const [key, value] of Object.entries(asked)) if (value !== "") url.searchParams.set(key, value);
    const own = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { headers, signal: signal === undefined ? own : AbortSignal.any([own, signal]) });
    if (!response.ok) throw new Error(`the processor answered ${response.status}`);
    return response.json();
  };
  return {
    incidents: async (asked, signal) => incidentsAnswer.parse(await get("/v1/incidents", asked, signal)).incidents,
    explanations: async (asked, signal) =>
      explanationsAnswer.parse(await get("/v1/explanations", asked, signal)).explanations,
    measurements: async (asked) => measurementsAnswer.parse(await get("/v1/measurements", asked)).measurements,
  };
}
