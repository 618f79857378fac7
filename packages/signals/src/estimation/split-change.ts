import { type CodedRows, domainWeights, splitLoss } from "@tidemark/stats";

/** A part of a change of mean loss, in the loss's unit, with its standard error. */
export interface ChangePart {
  readonly value: number;
  readonly standardError: number;
}

/** Why the mean loss of a window differs from the reference's; the last three add up to the first. */
export interface ChangeSplit {
  readonly total: ChangePart;
  /** Other inputs: the same losses, in other shares. */
  readonly covariate: ChangePart;
  /** The same inputs, other losses. */
  readonly concept: ChangePart;
  /** Inputs that only one side has. */
  readonly notComparable: ChangePart;
  /** Share of the window's rows that are like rows of the reference. */
  readonly support: number;
}

/** Rows of a window below which fewer strata are told apart, so that they hold enough rows. */
const FEW_ROWS = 2_000;
const FEW_BINS = { loss: 5, domain: 2 };

/** Coded rows with the loss of each. */
export interface LossRows extends CodedRows {
  readonly loss: Float64Array;
}

/**
 * Splits the change of mean loss from the reference to a window whose outcomes are known (ESTIMATION 2.1). Null where the two have
 * nothing in common to compare by.
 *
 * Cost: two ridge regressions over reference and window.
 */
export function splitChange(before: LossRows, now: LossRows): ChangeSplit | null {
  const split = splitLoss(before, now, domainWeights(before, now), now.codes.length < FEW_ROWS ? FEW_BINS : undefined);
  if (split.currentSupport === 0) return null;
  return {
    total: { value: split.total, standardError: split.totalError },
    covariate: { value: split.mix, standardError: split.mixError },
    concept: { value: split.within, standardError: split.withinError },
    notComparable: { value: split.new + split.gone, standardError: split.notComparableError },
    support: split.currentSupport,
  };
}
