/** What one processor may judge while a consumer group's generation lasts. */
export interface Membership {
  /** Grows with every change of the group. */
  readonly generation: number;
  /** When it began, by `performance.now()`. */
  readonly sinceMs: number;
  /** Whether the model's monitors are this processor's. */
  owns(tenant: string, model: string): boolean;
}

/** The membership that holds now; null while there is none, as while brokers cannot be reached. The same object while it lasts. */
export type CurrentMembership = () => Membership | null;
