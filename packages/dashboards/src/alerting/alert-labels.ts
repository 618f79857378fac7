import type { AlertDefinition } from "./alert-definition.ts";

/** Labels that an alert has beside those of its series; Alertmanager routes, groups and silences by them. */
export function alertLabels({ severity, team, subject }: AlertDefinition): Record<string, string> {
  return { severity, team, subject };
}
