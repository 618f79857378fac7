import type { OutcomeSummary, ProcessorStatus, StoredComparison, StoredEnsemble } from "@tidemark/processor";
import type { Explanation, Incident, JoinedIncident, Measurement, Profile } from "@tidemark/schema";
import { errors, TidemarkError } from "@tidemark/semconv";
import { askWhileBusy } from "./ask-while-busy.ts";
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
    joinedIncidents: async (filter) =>
      (await read<{ joinedIncidents: JoinedIncident[] }>(`/v1/joined-incidents?${new URLSearchParams(filter)}`))
        .joinedIncidents,
    explanations: async (filter) =>
      (await read<{ explanations: Explanation[] }>(`/v1/explanations?${toQuery(filter)}`)).explanations,
    comparisons: async (model) =>
      (await read<{ comparisons: StoredComparison[] }>(`/v1/comparisons?${new URLSearchParams({ model })}`))
        .comparisons,
    ensembles: async (model) =>
      (await read<{ ensembles: StoredEnsemble[] }>(`/v1/ensembles?${new URLSearchParams({ model })}`)).ensembles,
    outcomes: (model) => read<OutcomeSummary>(`/v1/outcomes?${new URLSearchParams({ model })}`),
    status: () => read<ProcessorStatus>("/v1/status"),
    profile: (id) => read<Profile>(`/v1/profiles/${encodeURIComponent(id)}`),
  };
}

function toQuery({ model, version, role, windowName, metric, targetKind, latest }: ReportFilter): URLSearchParams {
  return new URLSearchParams({
    model,
    version,
    role,
    ...(windowName === undefined ? {} : { window: windowName }),
    ...(metric === undefined ? {} : { metric }),
    ...(targetKind === undefined ? {} : { kind: targetKind }),
    ...(latest === true ? { latest: "true" } : {}),
  });
}

/** The JSON answer of a path; throws as `askProcessor`. */
export async function readFrom<T>(url: string, path: string, token: string | null): Promise<T> {
  return (await (await askProcessor(url, path, token)).json()) as T;
}

/**
 * The answer of a path, which is one of success; a POST where there is a body.
 * Throws TidemarkError `accessDenied`, `usage` for what the processor finds wrong with the request, `notFound` for what it does not
 * have, or `processorUnreachable`.
 */
export async function askProcessor(url: string, path: string, token: string | null, body?: unknown): Promise<Response> {
  return successOf(await request(url, path, token, body), url, path, body);
}

/** The same; a processor that is busy is asked again for a minute. */
export async function askPatiently(url: string, path: string, token: string | null, body: unknown): Promise<Response> {
  return successOf(await askWhileBusy(() => request(url, path, token, body)), url, path, body);
}

async function successOf(response: Response, url: string, path: string, body: unknown): Promise<Response> {
  if (response.ok) return response;
  const text = await response.text();
  const told = errorOf(text);
  const message = told?.message ?? `${url}${path} answered ${response.status}: ${text}`;
  if (response.status === 401 || response.status === 403) {
    throw new TidemarkError("accessDenied", message, {
      fix: `Name a file that holds a token with the scope ${body === undefined ? "read" : "act"} with --token-file, or set TIDEMARK_TOKEN.`,
    });
  }
  if (response.status === 400)
    throw new TidemarkError("usage", message, { fix: told?.fix ?? errors.requestInvalid.fix });
  if (response.status === 404 && told !== null) throw new TidemarkError("notFound", message, { fix: told.fix });
  throw new TidemarkError("processorUnreachable", message, told === null ? {} : { fix: told.fix });
}

/** What a processor says of a request that it refuses; null where something else answers. */
function errorOf(text: string): { readonly message: string; readonly fix: string } | null {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown; fix?: unknown } };
    return typeof error?.message === "string" && typeof error.fix === "string"
      ? { message: error.message, fix: error.fix }
      : null;
  } catch {
    return null;
  }
}

async function request(url: string, path: string, token: string | null, body: unknown): Promise<Response> {
  const headers = {
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  try {
    return await fetch(
      new URL(path, url),
      body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) },
    );
  } catch (error) {
    throw new TidemarkError("processorUnreachable", `nothing answers at ${url}`, { cause: error });
  }
}
