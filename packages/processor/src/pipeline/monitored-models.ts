import type { ModelConfig, Profile } from "@tidemark/schema";

/** A model of the configuration with what it is judged against. */
export interface MonitoredModel {
  readonly config: ModelConfig;
  /** Content hash of `config`. */
  readonly configId: string;
  readonly profile: Profile;
  /** Names of the profile's features, vectors too. */
  readonly features: ReadonlySet<string>;
}

/** The models of the configuration; two tenants may have one of the same name each. */
export interface MonitoredModels {
  find(tenant: string, name: string): MonitoredModel | undefined;
  list(): readonly MonitoredModel[];
}

export function createMonitoredModels(models: readonly MonitoredModel[]): MonitoredModels {
  const tenants = new Map<string, Map<string, MonitoredModel>>();
  for (const model of models) {
    const { tenant, name } = model.config;
    const known = tenants.get(tenant) ?? new Map<string, MonitoredModel>();
    tenants.set(tenant, known.set(name, model));
  }
  return { find: (tenant, name) => tenants.get(tenant)?.get(name), list: () => models };
}
