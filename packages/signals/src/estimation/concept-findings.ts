import { attr, metric } from "@tidemark/semconv";
import { createFinding } from "../finding.ts";
import { numberText } from "../number-text.ts";
import type { Finding } from "../window-aggregate.ts";
import type { ErrorChanges } from "./error-changes.ts";
import type { ChangePart, ChangeSplit } from "./split-change.ts";

const Z95 = 1.959963984540054;

const PARTS = {
  total: "the whole change",
  covariate: "other inputs, the same relation to outcomes",
  concept: "the same inputs, another relation to outcomes",
  notComparable: "inputs that only the reference or only the window has",
} as const;

const PART_NAME = {
  total: "total",
  covariate: "covariate",
  concept: "concept",
  notComparable: "not_comparable",
} as const;

/** A window, and why its loss changed where its outcomes are known. */
interface ExplainedWindow {
  readonly rows: number;
  readonly matured: { readonly split: ChangeSplit | null; readonly errors: ErrorChanges } | null;
}

/** Detectors that find a rise in windows without any now and then; that two agree is rare. */
const AGREEING = 2;

/**
 * Why a window whose outcomes are known is better or worse than the reference: one `ml.performance.change` a part, with its interval, and
 * `ml.performance.error_rises`, how many of three detectors found that the errors rose within the window. They describe; the verdict
 * is the realised score's.
 *
 * @param rateName what the rate is of that the detectors read.
 */
export function conceptFindings({ matured, rows }: ExplainedWindow, rateName = "error rate"): Finding[] {
  if (matured === null) return [];
  const { split, errors } = matured;
  const target = { kind: "prediction", name: "loss" } as const;
  const parts = split === null ? [] : (Object.keys(PARTS) as (keyof typeof PARTS)[]);
  const changes = parts.map((part) => {
    const { value, standardError } = split![part] as ChangePart;
    const half = Z95 * standardError;
    const hasError = Number.isFinite(standardError);
    return createFinding({
      target,
      metric: metric.performanceChange,
      attributes: { [attr.performanceChangePart]: PART_NAME[part] },
      value,
      lower: hasError ? value - half : null,
      upper: hasError ? value + half : null,
      evidence: { numbers: { standardError, support: split!.support }, note: PARTS[part], bins: null },
      count: rows,
    });
  });
  const found = Object.entries(errors.atMs).filter(([, atMs]) => atMs !== null);
  return [
    ...changes,
    createFinding({
      target: { kind: "prediction", name: "errors" },
      metric: metric.performanceErrorRises,
      value: found.length,
      evidence: {
        numbers: {
          before: errors.before,
          window: errors.window,
          ...Object.fromEntries(found.map(([name, atMs]) => [name, atMs!])),
        },
        note: noteOf(found, errors, rateName),
        bins: null,
      },
      count: rows,
    }),
  ];
}

function noteOf(
  found: readonly (readonly [string, number | null])[],
  { before, window }: { before: number; window: number },
  rateName: string,
): string {
  const rates = `${rateName} ${numberText(before)} on the reference, ${numberText(window)} in the window`;
  if (found.length === 0) return `No detector found a rise; ${rates}.`;
  const times = found.map(([name, atMs]) => `${name} at ${new Date(atMs!).toISOString()}`).join(", ");
  const weight =
    found.length >= AGREEING
      ? "A rise that detectors agree on"
      : "A rise that one detector alone found, which chance does now and then";
  return `${weight}: ${times}; ${rates}.`;
}
