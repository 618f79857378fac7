import type { ModelConfig, Profile } from "@tidemark/schema";

/** A model of the configuration with what it is judged against. */
export interface MonitoredModel {
  readonly config: ModelConfig;
  /** Content hash of `config`. */
  readonly configId: string;
  readonly profile: Profile;
  /** Names of the profile's features. */
  readonly features: ReadonlySet<string>;
}

export type MonitoredModels = ReadonlyMap<string, MonitoredModel>;
