import { attr } from "@tidemark/semconv";
import type { MetricPoints, Stamp } from "../export/metric-points.ts";
import { describeValue, warn } from "./warn.ts";

/** Why something was not recorded; the values of `tidemark.drop.reason`. */
export type DropReason =
  /** Our own code or the host's SDK threw; the record is lost in part. */
  | "internal_error"
  /** A value under a name that the model does not declare. */
  | "unknown_feature"
  /** A feature whose getter or proxy threw; also counted as type_mismatch. */
  | "unreadable_feature"
  /** A row of features of another length than there are features; all count as type_mismatch. */
  | "wrong_shape"
  /** A category or a segment's value beyond the bound: counted under _other_. */
  | "series_overflow"
  /** A score, label, value, id, time or duration of the wrong type. */
  | "invalid_field"
  /** An event for which no logger provider was found. */
  | "no_logger"
  /** A log record for which the queue of `recordProcessor` had no room. */
  | "queue_overflow"
  /** Log records that the exporter refused for good, or that were left at the end. */
  | "export_failed"
  /** Log records for which the outbox had no room; the oldest go first. */
  | "outbox_overflow"
  /** Log records that could not be written to the outbox, or read from it again. */
  | "outbox_unwritable"
  | "outbox_unreadable"
  /** A look that waited for a collect longer than the queue is long. */
  | "look_overflow"
  /** An export of our own (`register`) that failed; the next cumulative points heal it. */
  | "export_failed"
  /** A model description that cannot be used; the model is not recorded. */
  | "invalid_model"
  /** A description of a known model that differs from its first. */
  | "conflicting_model"
  /** A model beyond the number that is tracked. */
  | "model_limit";

/**
 * Counts what is dropped, and says so once a reason through the OpenTelemetry diag logger. Never throws.
 */
export class DropCounter {
  readonly #counts = new Map<DropReason, number>();
  readonly #explained = new Set<DropReason>();

  /** @param explain makes the one message of this reason; called at most once */
  add(reason: DropReason, explain: () => string, count = 1): void {
    this.#counts.set(reason, this.countOf(reason) + count);
    if (this.#explained.has(reason)) return;
    this.#explained.add(reason);
    warn(`${explanationOf(explain)} (further cases are only counted, under ${reason})`);
  }

  /** Something of ours, or of the SDK below us, threw. */
  addError(error: unknown): void {
    this.add("internal_error", () => describeValue(error));
  }

  countOf(reason: DropReason): number {
    return this.#counts.get(reason) ?? 0;
  }

  appendPoints(points: MetricPoints, stamp: Stamp, isDelta: boolean): void {
    for (const [reason, count] of this.#counts) {
      points.addSum("instrumentationDropped", stamp, { [attr.dropReason]: reason }, count);
    }
    if (isDelta) this.#counts.clear();
  }
}

/** What is wrong may be an object that throws when it is looked at. */
function explanationOf(explain: () => string): string {
  try {
    return explain();
  } catch (error) {
    return describeValue(error);
  }
}
