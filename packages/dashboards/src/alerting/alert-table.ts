import type { AlertDefinition } from "./alert-definition.ts";
import { ingestAlerts } from "./ingest-alerts.ts";
import { processorAlerts } from "./processor-alerts.ts";
import { serviceAlerts } from "./service-alerts.ts";
import { sloAlerts } from "./slo-alerts.ts";
import { transportAlerts } from "./transport-alerts.ts";
import { verdictAlerts } from "./verdict-alerts.ts";

/** A group of alerts that are evaluated together. */
export interface AlertGroup {
  readonly name: string;
  readonly alerts: readonly AlertDefinition[];
}

export const alertGroups: readonly AlertGroup[] = [
  { name: "tidemark-model-health", alerts: verdictAlerts },
  { name: "tidemark-objectives", alerts: sloAlerts },
  { name: "tidemark-service", alerts: serviceAlerts },
  { name: "tidemark-processor", alerts: [...processorAlerts, ...ingestAlerts] },
  { name: "tidemark-transport", alerts: transportAlerts },
];

export const alertTable: readonly AlertDefinition[] = alertGroups.flatMap(({ alerts }) => alerts);

/** Where the runbook is, relative to the repository. */
export function runbookPath({ slug }: Pick<AlertDefinition, "slug">): string {
  return `docs/runbooks/${slug}.md`;
}
