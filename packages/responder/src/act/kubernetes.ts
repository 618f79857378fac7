import { readFile } from "node:fs/promises";
import path from "node:path";
import type { ActionConfig } from "@tidemark/schema";
import type { ActContext, ActKind, ActOutcome } from "./act-kind.ts";
import { acceptedText } from "./reach-allowed.ts";
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
  undo(context) {
    if (context.config.undo === undefined) throw new Error("the action has no undo patch");
    return patch(context, context.config.undo);
  },
};

async function patch(
  { config, idempotencyKey, directory, reach, signal }: ActContext<KubernetesConfig>,
  change: Readonly<Record<string, unknown>>,
): Promise<ActOutcome> {
  const { server, resource, namespace, name, tokenFile, caFile } = config;
  const [plural = ""] = resource.split(".", 1);
  const parts = [namespace, plural, name].map(encodeURIComponent);
  const where = `/apis/${API_PATH[resource]}/namespaces/${parts.join("/")}`;
  const { annotations, ...metadata } = (change["metadata"] ?? {}) as { annotations?: object };
  const marked = { ...annotations, "tidemark.dev/action": idempotencyKey };
  const annotated = { ...change, metadata: { ...metadata, annotations: marked } };
  // Strict: a field that the resource does not have is an error there, and not quietly left out.
  const query = "fieldManager=tidemark-responder&fieldValidation=Strict";
  const response = await reach(`${server.replace(/\/$/, "")}${where}?${query}`, {
    method: "PATCH",
    headers: {
      "content-type": "application/merge-patch+json",
      accept: "application/json",
      authorization: `Bearer ${await readSecret(directory, tokenFile)}`,
    },
    body: JSON.stringify(annotated),
    signal,
    ...(caFile === undefined ? {} : { authority: await readFile(path.resolve(directory, caFile), "utf8") }),
  });
  await acceptedText(response);
  return { text: `${plural}/${name} patched` };
}
