import { readFile } from "node:fs/promises";
import path from "node:path";
import type { ActionConfig } from "@tidemark/schema";
import type { ActContext, ActKind, ActOutcome } from "./act-kind.ts";
import { acceptedText, askedJson } from "./reach-allowed.ts";
import { readSecret } from "./read-secret.ts";

type KubernetesConfig = Extract<ActionConfig, { type: "kubernetes" }>;

/** Group and version of the custom resources that carry traffic weights. */
const API_PATH: Readonly<Record<KubernetesConfig["resource"], string>> = {
  "inferenceservices.serving.kserve.io": "serving.kserve.io/v1beta1",
  "rollouts.argoproj.io": "argoproj.io/v1alpha1",
  "httproutes.gateway.networking.k8s.io": "gateway.networking.k8s.io/v1",
};

/** Patches the resource that carries the traffic weights (KServe, Argo Rollouts, Gateway API) by a JSON merge patch. */
export const kubernetes: ActKind<KubernetesConfig> = {
  run: (context) => patch(context, context.config.patch),
  async undo(context) {
    const { patch: done, undo } = context.config;
    if (undo === undefined) throw new Error("the action has no undo patch");
    if (!holds(await read(context), done)) {
      throw new Error(`${context.config.name} is not as the action left it: somebody has changed it, so it stays`);
    }
    return patch(context, undo);
  },
};

/** Whether a merge patch would change nothing. What the server has filled in beside it does not count, in lists neither. */
function holds(found: unknown, patch: unknown): boolean {
  if (Array.isArray(patch)) {
    return Array.isArray(found) && found.length === patch.length && patch.every((part, i) => holds(found[i], part));
  }
  if (typeof patch !== "object" || patch === null) return found === patch;
  if (typeof found !== "object" || found === null) return false;
  const own = found as Readonly<Record<string, unknown>>;
  return Object.entries(patch).every(([key, part]) =>
    part === null ? !Object.hasOwn(own, key) : holds(own[key], part),
  );
}

async function read(context: ActContext<KubernetesConfig>): Promise<unknown> {
  try {
    return await askedJson(await request(context, "", { method: "GET" }));
  } catch (cause) {
    // Nothing was asked of it yet, so no answer means that nothing was done.
    throw new Error(`it cannot be seen whether somebody has changed it: ${(cause as Error).message}`, { cause });
  }
}

async function patch(
  context: ActContext<KubernetesConfig>,
  change: Readonly<Record<string, unknown>>,
): Promise<ActOutcome> {
  const { annotations, ...metadata } = (change["metadata"] ?? {}) as { annotations?: object };
  const marked = { ...annotations, "tidemark.dev/action": context.idempotencyKey };
  const annotated = { ...change, metadata: { ...metadata, annotations: marked } };
  // Strict: a field that the resource does not have is an error there, and not quietly left out.
  const response = await request(context, "?fieldManager=tidemark-responder&fieldValidation=Strict", {
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json" },
    body: JSON.stringify(annotated),
  });
  await acceptedText(response);
  return { text: `${pluralOf(context.config)}/${context.config.name} patched` };
}

async function request(
  { config, directory, reach, signal }: ActContext<KubernetesConfig>,
  query: string,
  init: { readonly method: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string },
): Promise<Response> {
  const { server, resource, namespace, name, tokenFile, caFile } = config;
  const parts = [namespace, pluralOf(config), name].map(encodeURIComponent);
  const where = `/apis/${API_PATH[resource]}/namespaces/${parts.join("/")}`;
  const authorization = `Bearer ${await readSecret(directory, tokenFile)}`;
  return reach(`${server.replace(/\/$/, "")}${where}${query}`, {
    ...init,
    headers: { ...init.headers, accept: "application/json", authorization },
    signal,
    ...(caFile === undefined ? {} : { authority: await readFile(path.resolve(directory, caFile), "utf8") }),
  });
}

function pluralOf({ resource }: KubernetesConfig): string {
  return resource.split(".", 1)[0]!;
}
