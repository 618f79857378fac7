import type { FirstCause, Measurement, SignalName } from "@tidemark/schema";
import type { Finding, FindingsBySignal, JudgeContext, Signal, WindowAggregate } from "@tidemark/signals";
import { firstCauseFinding } from "./first-cause-row.ts";

export interface Judges {
  readonly signals: readonly Signal[];
  readonly findFirstCause: (
    aggregate: WindowAggregate,
    findings: FindingsBySignal,
    context: JudgeContext,
  ) => FirstCause | null;
  /** A signal that throws is a defect: it is told here, and the window is judged by the others. */
  readonly onDefect: (signal: string, error: unknown) => void;
}

/** All measurements of one window at revision 0: what the signals found, stamped, and the first cause where there is one. */
export function judgeWindow(aggregate: WindowAggregate, context: JudgeContext, judges: Judges): Measurement[] {
  const attempt = <T>(name: string, otherwise: T, judge: () => T): T => {
    try {
      return judge();
    } catch (error) {
      judges.onDefect(name, error);
      return otherwise;
    }
  };
  const findings: Record<SignalName, readonly Finding[]> = {
    drift: [],
    data_quality: [],
    performance: [],
    service: [],
    comparison: [],
    estimation: [],
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
