import type { DeploymentRole } from "./records.ts";

/** Weights of an ensemble that were proved better than those in use; nothing applies them. */
export interface EnsembleProposal {
  readonly tenant: string;
  readonly model: string;
  readonly version: string;
  readonly role: DeploymentRole;
  /** In which it was proved; times are ISO 8601 UTC. */
  readonly window: { readonly name: string; readonly start: string; readonly end: string };
  /** By member, at least 0, sum 1. */
  readonly weights: Readonly<Record<string, number>>;
  /** Mean squared error of the ensemble less that of refitted weights, on outcomes they had not seen, with any-time bounds. */
  readonly gain: number;
  readonly lower: number;
  readonly upper: number;
  /** Outcomes that the gain was measured on. */
  readonly outcomes: number;
  /** Outcomes that the weights are fitted to. */
  readonly fittedRows: number;
}
