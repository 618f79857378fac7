import type { OutcomeSummary, ProcessorStatus, StoredComparison } from "@tidemark/processor";
import type { Explanation, Incident, Measurement, Profile } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import type { ReportApi, ReportFilter, ReportModelEntry } from "./report-data.ts";

/**
 * The read API of a processor at an address, asked with a token where it wants one. Throws TidemarkError where none
 * answers there, or the token is not enough.
 */
export function httpReadApi(url: string, token: string | null = null): ReportApi {
  const read = <T>(path: string) => readFrom<T>(url, path, token);
  return {
    models: async () => (await read<{ models: ReportModelEntry[] }>("/v1/models")).models,
    measurements: async (filter) =>
      (await read<{ measurements: Measurement[] }>(`/v1/measurements?${toQuery(filter)}`)).measurements,
    incidents: async (filter) => (await read<{ incidents: Incident[] }>(`/v1/incidents?${toQuery(filter)}`)).incidents,
    explanations: async (filter) =>
      (await read<{ explanations: Explanation[] }>(`/v1/explanations?${toQuery(filter)}`)).explanations,
    comparisons: async (model) =>
      (await read<{ comparisons: StoredComparison[] }>(`/v1/comparisons?${new URLSearchParams({ model })}`))
        .comparisons,
    outcomes: (model) => read<OutcomeSummary>(`/v1/outcomes?${new URLSearchParams({ model })}`),
    status: () => read<ProcessorStatus>("/v1/status"),
    profile: (id) => read<Profile>(`/v1/profiles/${encodeURIComponent(id)}`),
  };
}

function toQuery({ model, version, role, windowName }: ReportFilter): URLSearchParams {
  return new URLSearchParams({ model, version, role, ...(windowName === undefined ? {} : { window: windowName }) });
}

/** The JSON answer of a path. Throws TidemarkError where nothing answers, the token is not enough, or another error comes back. */
export async function readFrom<T>(url: string, path: string, token: string | null): Promise<T> {
  const response = await request(url, path, token);
  if (response.status === 401 || response.status === 403) {
    const message = `${url}${path} answered ${response.status}: ${await response.text()}`;
    throw new TidemarkError("accessDenied", message, {
      fix: "Name a file that holds a token with the scope read with --token-file, or set TIDEMARK_TOKEN.",
    });
  }
  if (!response.ok) {
    throw new TidemarkError(
      "processorUnreachable",
      `${url}${path} answered ${response.status}: ${await response.text()}`,
    );
  }
  return (await response.json()) as T;
}

async function request(url: string, path: string, token: string | null): Promise<Response> {
  try {
    return await fetch(new URL(path, url), {
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
    });
  } catch (error) {
    throw new TidemarkError("processorUnreachable", `nothing answers at ${url}`, { cause: error });
  }
}
