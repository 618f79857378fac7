import type { DeploymentRole, Measurement } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import { ENSEMBLE_ITSELF } from "@tidemark/signals";
import { groupBy } from "../group-by.ts";
import { readMeasurements } from "./measurements.ts";
import { keyText, type ModelKey } from "./models.ts";
import type { Store } from "./store.ts";

/** A value with its 95 % interval; null where it does not exist. */
export interface EnsembleValue {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Errors on a window's outcomes; null where the kind of answers has none. */
export interface MemberScores {
  /** Mean squared error: the Brier score of probabilities. */
  readonly loss: EnsembleValue | null;
  readonly logLoss: EnsembleValue | null;
  readonly accuracy: EnsembleValue | null;
  readonly mae: EnsembleValue | null;
}

export interface StoredMember extends MemberScores {
  readonly name: string;
  /** Share of the window's predictions that it answered. */
  readonly answered: number | null;
  /** Read from the answers; null where they are no weighted mean. */
  readonly weightInUse: number | null;
  /** Fitted to matured outcomes. */
  readonly weightProposed: number | null;
  /** Loss without it less the loss with it: above 0 it helps. */
  readonly benefit: EnsembleValue | null;
}

/** An ensemble as of its newest window. */
export interface StoredEnsemble {
  readonly model: string;
  readonly version: string;
  readonly role: DeploymentRole;
  readonly windowName: string;
  readonly windowEnd: string;
  /** Of the ensemble's own answers. */
  readonly scores: MemberScores;
  /** Outcomes of the window that the scores rest on. */
  readonly outcomes: number;
  readonly members: readonly StoredMember[];
  /** Share of predictions on which not all members have the same class; by pair of members. */
  readonly disagreement: { readonly share: number; readonly pairs: Readonly<Record<string, number>> } | null;
  /** What averaging takes off the members' squared error; with the likeness of errors by pair of members. */
  readonly ambiguity: { readonly value: number; readonly likeness: Readonly<Record<string, number>> } | null;
  /** Whether refitted weights are proved better, by what, and the same in words; null where members answer with classes. */
  readonly proposal:
    | (EnsembleValue & { readonly isProved: boolean; readonly outcomes: number; readonly note: string })
    | null;
}

/** The ensembles of a model, by role and version. */
export async function readEnsembles(
  store: Store,
  { tenant, model }: Pick<ModelKey, "tenant" | "model">,
): Promise<StoredEnsemble[]> {
  const rows = await readMeasurements(store, { tenant, model, signal: "ensemble", latest: true });
  return [...groupBy(rows, (row) => `${keyText(row)} ${row.window.name}`).values()].map(toEnsemble);
}

function toEnsemble(group: readonly Measurement[]): StoredEnsemble {
  const { model, version, role, window } = group[0]!;
  const find = (name: string, target: string, weight?: string) =>
    group.find(
      (row) => row.metric === name && row.target.name === target && row.attributes[attr.ensembleWeight] === weight,
    );
  const measuredOf = (name: string, target: string): EnsembleValue | null => {
    const found = find(name, target);
    return found === undefined ? null : { value: found.value, lower: found.lower, upper: found.upper };
  };
  const scoresOf = (target: string): MemberScores => ({
    loss: measuredOf(metric.ensembleMemberLoss, target),
    logLoss: measuredOf(metric.ensembleMemberLogLoss, target),
    accuracy: measuredOf(metric.ensembleMemberAccuracy, target),
    mae: measuredOf(metric.ensembleMemberMae, target),
  });
  const names = group.filter((row) => row.metric === metric.ensembleMemberAnswered).map(({ target }) => target.name);
  const disagreement = find(metric.ensembleDisagreement, "members");
  const ambiguity = find(metric.ensembleAmbiguity, "members");
  const gain = find(metric.ensembleProposalGain, "weights");
  const own = find(metric.ensembleMemberLoss, ENSEMBLE_ITSELF) ?? find(metric.ensembleMemberAccuracy, ENSEMBLE_ITSELF);
  return {
    ...{ model, version, role, windowName: window.name, windowEnd: window.end },
    scores: scoresOf(ENSEMBLE_ITSELF),
    outcomes: own?.count ?? 0,
    members: names.map((name) => ({
      name,
      ...scoresOf(name),
      answered: find(metric.ensembleMemberAnswered, name)?.value ?? null,
      weightInUse: find(metric.ensembleMemberWeight, name, "in_use")?.value ?? null,
      weightProposed: find(metric.ensembleMemberWeight, name, "proposed")?.value ?? null,
      benefit: measuredOf(metric.ensembleMemberBenefit, name),
    })),
    disagreement:
      disagreement?.value == null ? null : { share: disagreement.value, pairs: disagreement.evidence.numbers },
    ambiguity: ambiguity?.value == null ? null : { value: ambiguity.value, likeness: ambiguity.evidence.numbers },
    proposal:
      gain === undefined
        ? null
        : {
            ...{ value: gain.value, lower: gain.lower, upper: gain.upper, outcomes: gain.count },
            isProved: find(metric.ensembleProposalStatus, "weights")?.value === 1,
            note: gain.evidence.note,
          },
  };
}
