import { randomUUID } from "node:crypto";
import type { Attributes } from "@opentelemetry/api";
import { parsePairs } from "../config/parse-pairs.ts";

const INSTANCE_ID = "service.instance.id";
/** Of this process, where the host names none: two processes must not write one series. */
const instanceId = randomUUID();

/** Where providers of the SDK's lines keep their resource; none of them offers it. */
interface SdkProvider {
  readonly resource?: Resource;
  readonly _resource?: Resource;
  readonly _sharedState?: { readonly resource?: Resource };
  /** Of the API's stand-in, which forwards to the registered one. */
  readonly getDelegate?: () => SdkProvider;
}

interface Resource {
  readonly attributes?: Attributes;
}

/**
 * The attributes of the resource that the host's SDK puts on its own telemetry, read from its providers; without an SDK,
 * what OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say. Never throws.
 */
export function hostResource(
  providers: readonly unknown[],
  env: Readonly<Record<string, string | undefined>>,
): Attributes {
  const found = providers.map(attributesOf).find((attributes) => attributes !== undefined);
  return { [INSTANCE_ID]: instanceId, ...(found ?? attributesOfEnvironment(env)) };
}

function attributesOf(provider: unknown): Attributes | undefined {
  try {
    const given = provider as SdkProvider | undefined;
    const sdk = given?.getDelegate === undefined ? given : given.getDelegate();
    return (sdk?.resource ?? sdk?._resource ?? sdk?._sharedState?.resource)?.attributes;
  } catch {
    return undefined;
  }
}

function attributesOfEnvironment(env: Readonly<Record<string, string | undefined>>): Attributes {
  return {
    "service.name": "unknown_service:node",
    ...parsePairs(env["OTEL_RESOURCE_ATTRIBUTES"]),
    ...(env["OTEL_SERVICE_NAME"] && { "service.name": env["OTEL_SERVICE_NAME"] }),
  };
}
