import type { MonitoredModels } from "../pipeline/monitored-models.ts";
import { listModels } from "../store/models.ts";
import type { Store } from "../store/store.ts";

/** Names of a tenant's models, configured or only stored. */
export async function listModelNames(store: Store, models: MonitoredModels, tenant: string): Promise<string[]> {
  const configured = models.list().flatMap(({ config }) => (config.tenant === tenant ? [config.name] : []));
  const stored = (await listModels(store, tenant)).map(({ model }) => model);
  return [...new Set([...configured, ...stored])];
}
