import { randomUUID } from "node:crypto";
import type { Attributes } from "@opentelemetry/api";
import { parsePairs } from "../config/parse-pairs.ts";
import { sdkProvider } from "./sdk-provider.ts";

const INSTANCE_ID = "service.instance.id";
/** Of this process, where the host names none: two processes must not write one series. */
const instanceId = randomUUID();

/**
 * The attributes of the resource that the host's SDK puts on its own telemetry, read from its providers; without an SDK,
 * what OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say. Never rejects.
 */
export async function hostResource(
  providers: readonly unknown[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Attributes> {
  for (const provider of providers) {
    try {
      const sdk = sdkProvider(provider);
      const resource = sdk?.resource ?? sdk?._resource ?? sdk?._sharedState?.resource;
      // Some are still being found out when the service starts: about the machine it runs on, mostly.
      if (resource?.asyncAttributesPending === true) await resource.waitForAsyncAttributes?.();
      if (resource?.attributes !== undefined) return { [INSTANCE_ID]: instanceId, ...resource.attributes };
    } catch {
      // A provider of an unknown kind; there may be another.
    }
  }
  return { [INSTANCE_ID]: instanceId, ...attributesOfEnvironment(env) };
}

function attributesOfEnvironment(env: Readonly<Record<string, string | undefined>>): Attributes {
  return {
    "service.name": "unknown_service:node",
    ...parsePairs(env["OTEL_RESOURCE_ATTRIBUTES"]),
    ...(env["OTEL_SERVICE_NAME"] && { "service.name": env["OTEL_SERVICE_NAME"] }),
  };
}
