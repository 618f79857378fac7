import { attr, prometheusLabel } from "@tidemark/semconv";
import type { AlertDefinition } from "./alert-definition.ts";

/** The alert's dashboard with its model, version and window chosen, as far as the alert's labels name them. */
export function dashboardLink({ dashboard, test }: AlertDefinition): string {
  const variables = { model: attr.modelName, version: attr.modelVersion, window: attr.windowName };
  const chosen = Object.entries(variables)
    .map(([variable, key]) => [variable, prometheusLabel(key)] as const)
    .filter(([, label]) => label in test.labels)
    .map(([variable, label]) => `var-${variable}={{ $labels.${label} | urlquery }}`);
  return `/d/${dashboard}${chosen.length === 0 ? "" : `?${chosen.join("&")}`}`;
}
