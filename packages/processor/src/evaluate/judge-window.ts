import type { FirstCause, Measurement, SignalName } from "@tidemark/schema";
import type {
  FieldLooks,
  Finding,
  FindingsBySignal,
  JudgeContext,
  KeptWindow,
  Signal,
  WindowAggregate,
} from "@tidemark/signals";
import { firstCauseFinding } from "./first-cause-row.ts";

export interface Judges {
  readonly signals: readonly Signal[];
  readonly findFirstCause: (
    aggregate: WindowAggregate,
    findings: FindingsBySignal,
    context: JudgeContext,
  ) => FirstCause | null;
  /** What a window adds to the continuous drift verdicts; null where drift is not judged. */
  readonly streamLooks: ((aggregate: WindowAggregate, context: JudgeContext) => readonly FieldLooks[]) | null;
  /** What is kept of a window to hold others against; null where drift is not judged. */
  readonly windowCounts: ((aggregate: WindowAggregate, context: JudgeContext) => readonly KeptWindow[]) | null;
  /** A signal that throws is a defect: it is told here, and the window is judged by the others. */
  readonly onDefect: (signal: string, error: unknown) => void;
}

/** All measurements of one window at revision 0: what the signals found, stamped, and the first cause where there is one. */
export function judgeWindow(aggregate: WindowAggregate, context: JudgeContext, judges: Judges): Measurement[] {
  const attempt = <T>(name: string, otherwise: T, judge: () => T): T => attemptJudging(judges, name, otherwise, judge);
  const findings: Record<SignalName, readonly Finding[]> = {
    drift: [],
    data_quality: [],
    performance: [],
    service: [],
    comparison: [],
    estimation: [],
    control: [],
    attribution: [],
    ensemble: [],
  };
  for (const signal of judges.signals) {
    findings[signal.name] = attempt(signal.name, [], () => signal.judge(aggregate, context));
  }
  const measurements = judges.signals.flatMap(({ name }) =>
    findings[name].map((finding) => stampFinding(finding, name, aggregate, context)),
  );
  const cause = attempt("first_cause", null, () => judges.findFirstCause(aggregate, findings, context));
  if (cause !== null) {
    measurements.push(stampFinding(firstCauseFinding(cause, aggregate.predictions), "drift", aggregate, context));
  }
  return measurements;
}

/** What a window adds to the continuous drift verdicts; null where drift is not judged, or its judge is defective. */
export function looksOfWindow(
  aggregate: WindowAggregate,
  context: JudgeContext,
  judges: Judges,
): readonly FieldLooks[] | null {
  const { streamLooks } = judges;
  if (streamLooks === null) return null;
  return attemptJudging(judges, "drift_stream", null, () => streamLooks(aggregate, context));
}

/** What is kept of a window to hold others against; null where drift is not judged, or its judge is defective. */
export function countsOfWindow(
  aggregate: WindowAggregate,
  context: JudgeContext,
  judges: Judges,
): readonly KeptWindow[] | null {
  const { windowCounts } = judges;
  if (windowCounts === null) return null;
  return attemptJudging(judges, "drift_references", null, () => windowCounts(aggregate, context));
}

function attemptJudging<T>({ onDefect }: Judges, name: string, otherwise: T, judge: () => T): T {
  try {
    return judge();
  } catch (error) {
    onDefect(name, error);
    return otherwise;
  }
}

/** A finding as a measurement of its window, at revision 0. */
export function stampFinding(
  finding: Finding,
  signal: SignalName,
  { tenant, model, version, role, window }: Pick<WindowAggregate, "tenant" | "model" | "version" | "role" | "window">,
  context: Pick<JudgeContext, "profile" | "configId">,
): Measurement {
  return {
    tenant,
    model,
    version,
    role,
    signal,
    ...finding,
    window: {
      name: window.name,
      start: new Date(window.startMs).toISOString(),
      end: new Date(window.endMs).toISOString(),
    },
    profileId: context.profile.id,
    configId: context.configId,
    revision: 0,
  };
}
