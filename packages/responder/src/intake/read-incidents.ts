import { type Incident, incidentSchema } from "@tidemark/schema";
import { z } from "zod";

/** Asks for the incidents of a model, and of a version. Rejects where the processor cannot be asked, or not in time. */
export type ReadIncidents = (
  query: { readonly model: string; readonly version?: string },
  signal?: AbortSignal,
) => Promise<Incident[]>;

const answer = z.object({ incidents: z.array(incidentSchema) });
const TIMEOUT_MS = 5_000;

/** The incidents of a processor, asked with a token where it wants one. */
export function incidentsOf(processor: string, token: string | null): ReadIncidents {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  return async (query, signal) => {
    const url = new URL("/v1/incidents", processor);
    for (const [key, value] of Object.entries(query)) if (value !== "") url.searchParams.set(key, value);
    const own = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { headers, signal: signal === undefined ? own : AbortSignal.any([own, signal]) });
    if (!response.ok) throw new Error(`the processor answered ${response.status}`);
    return answer.parse(await response.json()).incidents;
  };
}
