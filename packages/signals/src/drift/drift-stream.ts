import type { ProfileField, Target } from "@tidemark/schema";
import { attr, type MonitorState, metric } from "@tidemark/semconv";
import { alarmBudgetLooks, EDetector, type EDetectorState, type StreamVerdict } from "@tidemark/stats";
import { createFinding } from "../finding.ts";
import { JointStream, type JointStreamState, watchedPlaces } from "../multivariate/joint-stream.ts";
import { MULTIVARIATE } from "../multivariate/multivariate-drift.ts";
import type { Finding, JudgeContext } from "../window-aggregate.ts";
import { type FieldLooks, streamedFields } from "./stream-looks.ts";
import { streamSlots } from "./stream-slots.ts";

/** State of all detectors of a model version; JSON keeps it to the bit. */
export interface DriftStreamState {
  readonly fields: Readonly<Record<string, EDetectorState>>;
  /** Of all features together; null where the profile has no joint distribution, or none of it is watched. */
  readonly joint: JointStreamState | null;
}

interface DriftStreamOptions {
  readonly context: Pick<JudgeContext, "profile" | "config">;
  /** Length of the windows that are looked at, milliseconds. */
  readonly windowMs: number;
  /** A snapshot to go on from; of the same profile, fields and window length. */
  readonly state?: DriftStreamState;
}

const HOUR_MS = 3_600_000;
const MONTH_MS = 30 * 24 * HOUR_MS;
/** A detector that does not know its rows' dependence learns it from this many looks before it judges. */
const WARMUP_LOOKS = 32;

/**
 * The continuous verdicts of a model version: one e-detector a field and one for all features together, fed with the windows in
 * order of time, which may be read after each without losing the promise of at most about one false critical a month in all
 * of them.
 */
export class DriftStream {
  readonly #detectors = new Map<string, EDetector>();
  readonly #joint: JointStream | null;
  readonly #watched: ReadonlySet<string>;
  readonly #alarmLooks: number;

  constructor({ context, windowMs, state }: DriftStreamOptions) {
    const { profile } = context;
    const fields = streamedFields(context);
    this.#watched = new Set(fields.map(idOf));
    this.#alarmLooks = alarmLooksOf(context, windowMs);
    for (const field of fields) {
      const slots = streamSlots(profile, field);
      if (slots === null) continue;
      const known = state?.fields[idOf(field)];
      const options = {
        references: slots.references,
        alarmLooks: this.#alarmLooks,
        initialVariance: slots.variance,
        levelVariance: slots.levels,
        ...(slots.variance === null && { warmupLooks: WARMUP_LOOKS }),
      };
      this.#detectors.set(
        idOf(field),
        known === undefined ? new EDetector(options) : EDetector.restore(options, known),
      );
    }
    const { multivariate } = profile;
    const { ignore } = context.config.drift;
    this.#joint =
      multivariate === undefined || watchedPlaces(multivariate, ignore).length === 0
        ? null
        : new JointStream({
            profile: { ...profile, multivariate },
            ignored: ignore,
            alarmLooks: this.#alarmLooks,
            windowMs,
            state: state?.joint ?? undefined,
          });
  }

  /** Takes a window's looks and says what every field's evidence now comes to: its severity and its evidence. */
  take(fields: readonly FieldLooks[]): Finding[] {
    const joint = fields.find(({ target }) => isJoint(target));
    const own = fields
      .filter(({ target }) => this.#watched.has(`${target.kind} ${target.name}`))
      .flatMap((field) => {
        const detector = this.#detectors.get(`${field.target.kind} ${field.target.name}`);
        if (detector === undefined) return [this.#severity(field, null)];
        for (const { slot, counts } of field.looks) detector.look(counts, slot);
        const verdict = detector.verdict();
        const severity = this.#severity(field, verdict);
        return severity.value === null ? [severity] : [severity, this.#evidence(field, verdict)];
      });
    return joint === undefined ? own : [...own, ...this.#takeJoint(joint)];
  }

  snapshot(): DriftStreamState {
    const fields = Object.fromEntries(Array.from(this.#detectors, ([id, detector]) => [id, detector.snapshot()]));
    return { fields, joint: this.#joint?.snapshot() ?? null };
  }

  #takeJoint(looks: FieldLooks): Finding[] {
    if (this.#joint === null) return [];
    const verdict = this.#joint.take(looks.looks);
    const severity = this.#severity(looks, verdict);
    if (severity.value === null) return [severity];
    const isFound = severity.state === "warning" || severity.state === "critical";
    const note = isFound ? `gathered most ${verdict.strongest}` : "";
    return [{ ...severity, evidence: { ...severity.evidence, note } }, this.#evidence(looks, verdict)];
  }

  #severity(field: FieldLooks, verdict: StreamVerdict | null): Finding {
    const state = stateOf(field, verdict);
    const hasVerdict = verdict !== null && (state === "ok" || state === "warning" || state === "critical");
    const line = Math.log(this.#alarmLooks);
    const evidence = verdict === null ? 0 : Math.max(0, verdict.logEvidence);
    return createFinding({
      target: field.target,
      metric: metric.driftSeverity,
      attributes: STREAM,
      value: hasVerdict && field.practical ? evidence / line : hasVerdict ? 0 : null,
      state,
      threshold: 1,
      evidence: {
        numbers: hasVerdict
          ? {
              logEvidence: verdict.logEvidence,
              alarmLine: line,
              rowsSeen: verdict.rows,
              looksSeen: verdict.looks,
              varianceLocation: verdict.variance[0],
              varianceScale: verdict.variance[1],
            }
          : {},
        note: hasVerdict && !field.practical ? "the window's effect is below the threshold of the configuration" : "",
        bins: null,
      },
      count: field.rows,
    });
  }

  #evidence({ target, rows }: { readonly target: Target; readonly rows: number }, verdict: StreamVerdict): Finding {
    return createFinding({
      target,
      metric: metric.driftEvidence,
      attributes: STREAM,
      value: Math.max(0, verdict.logEvidence),
      threshold: Math.log(this.#alarmLooks),
      count: rows,
    });
  }
}

/** A: the alarm line of every field's detector, from the budget of the model. */
function alarmLooksOf(context: DriftStreamOptions["context"], windowMs: number): number {
  const fields = streamedFields(context);
  const lookMs = context.profile.season === null ? windowMs : Math.min(windowMs, HOUR_MS);
  const joint = context.profile.multivariate === undefined ? 0 : 1;
  return alarmBudgetLooks(Math.max(1, fields.length + joint), Math.max(1, MONTH_MS / lookMs));
}

const STREAM = { [attr.driftReading]: "stream" };

function isJoint({ kind, name }: Target): boolean {
  return kind === MULTIVARIATE.kind && name === MULTIVARIATE.name;
}

function idOf(field: ProfileField): string {
  return `${field.target} ${field.name}`;
}

/** A critical verdict stays while nothing new comes; everything else needs rows. */
function stateOf({ absence, practical }: FieldLooks, verdict: StreamVerdict | null): MonitorState {
  if (verdict === null) return "insufficient_data";
  if (absence !== "" && verdict.state !== "critical") return absence;
  const alarms = verdict.state === "critical" || verdict.state === "warning";
  return alarms && !practical ? "ok" : verdict.state;
}
