import type { MonitoredModels } from "../pipeline/monitored-models.ts";
import type { Membership } from "./membership.ts";

/** The models that a membership owns; the others are unknown. */
export function ownedModels(models: MonitoredModels, { owns }: Pick<Membership, "owns">): MonitoredModels {
  return {
    find: (tenant, name) => (owns(tenant, name) ? models.find(tenant, name) : undefined),
    list: () => models.list().filter(({ config }) => owns(config.tenant, config.name)),
  };
}
