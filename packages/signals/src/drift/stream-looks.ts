import type { ProfileField, Target } from "@tidemark/schema";
import { fieldCountsOf, totalOf } from "../field-of.ts";
import { jointLooks } from "../multivariate/joint-stream.ts";
import { MULTIVARIATE } from "../multivariate/multivariate-drift.ts";
import { outcomeCoverage } from "../performance/outcome-coverage.ts";
import type { JudgeContext, WindowAggregate } from "../window-aggregate.ts";
import { judgeField } from "./judge-field.ts";
import { type StreamLook, streamSlots } from "./stream-slots.ts";

/** What one window adds to the continuous verdict of one field, or of all features together. */
export interface FieldLooks {
  readonly target: Target;
  /** Of all features together, the place of the direction is the slot. */
  readonly looks: readonly StreamLook[];
  /** Values in the looks, unweighted. */
  readonly rows: number;
  /** Whether the window's effect reaches the user's threshold; true without one. */
  readonly practical: boolean;
  /** Why there are no looks. */
  readonly absence: "" | "no_data" | "insufficient_data";
}

/**
 * A window as looks of the continuous verdicts, field by field in the profile's order: counts on the detector's bins, by
 * season slot. Outcomes take part once as many of them are known as a window verdict needs. All features together come last, where
 * records carry them. Pure.
 */
export function streamLooks(aggregate: WindowAggregate, context: JudgeContext): FieldLooks[] {
  const fields = streamedFields(context).map((field) => looksOfField(field, aggregate, context));
  const { multivariate: reference } = context.profile;
  const { multivariate: counts } = aggregate;
  if (reference === undefined || counts === undefined) return fields;
  const looks = jointLooks(reference, counts);
  const absence = looks.length === 0 ? "insufficient_data" : "";
  return [...fields, { target: MULTIVARIATE, looks, rows: counts.rows, practical: true, absence }];
}

/** The fields that are watched continuously: all that are judged. */
export function streamedFields({ profile, config }: Pick<JudgeContext, "profile" | "config">): ProfileField[] {
  const ignored = new Set(config.drift.ignore);
  return profile.fields.filter((field) => !(field.target === "feature" && ignored.has(field.name)));
}

function looksOfField(field: ProfileField, aggregate: WindowAggregate, context: JudgeContext): FieldLooks {
  const { profile, config } = context;
  const { threshold } = config.drift;
  const target: Target = { kind: field.target, name: field.name };
  const none = (absence: FieldLooks["absence"]) => ({ target, looks: [], rows: 0, practical: true, absence });
  const slots = streamSlots(profile, field);
  const counts = fieldCountsOf(aggregate, field);
  const isOutcome = field.target === "outcome";
  if (slots === null) return none("insufficient_data");
  const rows = counts === null ? 0 : totalOf(counts.counts);
  if (counts === null || rows === 0) {
    return none(isOutcome || aggregate.predictions === 0 ? "insufficient_data" : "no_data");
  }
  if (isOutcome && outcomeCoverage(aggregate) < config.performance.minimumCoverage) return none("insufficient_data");
  const windowMs = aggregate.window.endMs - aggregate.window.startMs;
  const practical = threshold === undefined || judgeField({ profile, field, counts, windowMs, threshold }).practical;
  return { target, looks: slots.looksOf(counts), rows, practical, absence: "" };
}
