import type { Explanation, Incident } from "@tidemark/schema";
import { keyText } from "../store/models.ts";

/**
 * Incidents with the first cause of the explanation of their run, where there is one: made from the rows themselves, it sees what
 * the window's counts cannot, such as columns that changed places. Only performance and drift are explained.
 */
export function explainIncidents(incidents: readonly Incident[], explanations: readonly Explanation[]): Incident[] {
  const causes = new Map(
    explanations.flatMap((explanation) => {
      const [cause] = explanation.causes;
      return cause === undefined ? [] : [[idOf(explanation, explanation.window), cause] as const];
    }),
  );
  return incidents.map((incident) => {
    if (incident.signal !== "performance" && incident.signal !== "drift") return incident;
    const found = incident.windows
      .map(({ window }) => causes.get(idOf(incident, window)))
      .find((cause) => cause !== undefined);
    return found === undefined ? incident : { ...incident, firstCause: found };
  });
}

function idOf(
  key: Pick<Incident, "tenant" | "model" | "version" | "role">,
  window: { readonly name: string; readonly start: string },
): string {
  return `${keyText(key)} ${window.name} ${window.start}`;
}
