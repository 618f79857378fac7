import type { OutcomeSummary, ProcessorStatus } from "@tidemark/processor";
import type { Incident, Measurement, Profile } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import type { ReportApi, ReportFilter, ReportModelEntry } from "./report-data.ts";

/** The read API of a processor at an address. Throws TidemarkError where none answers there. */
export function httpReadApi(url: string): ReportApi {
  return {
    models: async () => (await read<{ models: ReportModelEntry[] }>(url, "/v1/models")).models,
    measurements: async (filter) =>
      (await read<{ measurements: Measurement[] }>(url, `/v1/measurements?${toQuery(filter)}`)).measurements,
    incidents: async (filter) =>
      (await read<{ incidents: Incident[] }>(url, `/v1/incidents?${toQuery(filter)}`)).incidents,
    outcomes: (model) => read<OutcomeSummary>(url, `/v1/outcomes?${new URLSearchParams({ model })}`),
    status: () => read<ProcessorStatus>(url, "/v1/status"),
    profile: (id) => read<Profile>(url, `/v1/profiles/${encodeURIComponent(id)}`),
  };
}

function toQuery({ model, version, role, windowName }: ReportFilter): URLSearchParams {
  return new URLSearchParams({ model, version, role, ...(windowName === undefined ? {} : { window: windowName }) });
}

async function read<T>(url: string, path: string): Promise<T> {
  const response = await request(url, path);
  if (!response.ok) {
    throw new TidemarkError(
      "processorUnreachable",
      `${url}${path} answered ${response.status}: ${await response.text()}`,
    );
  }
  return (await response.json()) as T;
}

async function request(url: string, path: string): Promise<Response> {
  try {
    return await fetch(new URL(path, url));
  } catch (error) {
    throw new TidemarkError("processorUnreachable", `nothing answers at ${url}`, { cause: error });
  }
}
