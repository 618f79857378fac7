import type { BenchResult, BenchSize } from "../bench-result.ts";
import { judgeWindows, type WindowCell } from "./judge-windows.ts";
import { PEER_WINDOWS } from "./peer-numbers.ts";
import { proportionOf } from "./proportion.ts";
import { DRIFTS, STABLE_STREAMS } from "./streams.ts";

/** Windows a cell. */
const STABLE_WINDOWS = { quick: 200, default: 2_000, full: 20_000 } as const;
const DRIFTED_WINDOWS = { quick: 100, default: 2_000, full: 20_000 } as const;
const WINDOW_ROWS = [200, 1_000, 5_000] as const;
const SMALL_REFERENCE_ROWS = 1_000;
/** Promised: at most one false critical in 1,000 feature-windows. */
const MOST_FALSE_PER_THOUSAND = 1;
/** Asked for, per cent of windows; other cells have no target. */
const TARGETS: readonly { readonly drift: string; readonly windowRows: number }[] = [
  { drift: "shift 0.25 sd", windowRows: 1_000 },
  { drift: "variance x1.5", windowRows: 1_000 },
  { drift: "TV 0.10", windowRows: 1_000 },
  { drift: "shift 0.5 sd", windowRows: 200 },
];

/** The window verdict: every stable stream and every drift, against 1,000 rows and against ten windows. */
export function benchWindows(size: BenchSize): BenchResult[] {
  const cells = WINDOW_ROWS.flatMap((windowRows) =>
    [SMALL_REFERENCE_ROWS, 10 * windowRows].map((referenceRows) => ({ windowRows, referenceRows })),
  );
  console.log("\nFalse criticals per 1,000 stable feature-windows (by e >= 1000 alone; warning or worse)");
  const stable = STABLE_STREAMS.flatMap((stream) =>
    cells.map((cell) => stableResult({ ...cell, before: stream, after: stream, windows: STABLE_WINDOWS[size] })),
  );
  console.log("\nDrifted windows found critical, per cent (by e >= 1000 alone; warning or worse)");
  const drifted = DRIFTS.flatMap(({ before, after, name }) =>
    cells.map((cell) => driftedResult(name, { ...cell, before, after, windows: DRIFTED_WINDOWS[size] })),
  );
  return [...stable, ...drifted];
}

function stableResult(cell: WindowCell): BenchResult {
  const tally = judgeWindows(cell);
  const { windows, critical, evidenceAlone, warningOrWorse, insufficient } = tally;
  const { rate, lower, upper } = proportionOf(critical, windows);
  const stream = cell.before.name;
  const name = `false criticals, ${stream}, windows of ${cell.windowRows}, reference ${cell.referenceRows}`;
  const peers = peersAt(cell.windowRows, ({ falsePerThousand }) => falsePerThousand[stream]);
  console.log(
    `${cellLabel(stream, cell)} ${show(1000 * rate)} [${show(1000 * lower)}, ${show(1000 * upper)}] ` +
      `(${show((1000 * evidenceAlone) / windows)}; ${show((1000 * warningOrWorse) / windows)}) of ${windows}` +
      `${insufficient > 0 ? `, ${insufficient} without a verdict` : ""}${peers}`,
  );
  return {
    name,
    value: 1000 * rate,
    unit: "per 1,000 feature-windows",
    against: `target: at most ${MOST_FALSE_PER_THOUSAND}`,
    ratio: MOST_FALSE_PER_THOUSAND / (1000 * (critical > 0 ? rate : upper)),
    lower: 1000 * lower,
    upper: 1000 * upper,
    trials: windows,
  };
}

function driftedResult(drift: string, cell: WindowCell): BenchResult {
  const { windows, critical, evidenceAlone, warningOrWorse } = judgeWindows(cell);
  const { rate, lower, upper } = proportionOf(critical, windows);
  const target = targetPercent(drift, cell);
  const peers = peersAt(cell.windowRows, ({ foundPercent }) => foundPercent[drift]);
  console.log(
    `${cellLabel(drift, cell)} ${show(100 * rate)} [${show(100 * lower)}, ${show(100 * upper)}] ` +
      `(${show((100 * evidenceAlone) / windows)}; ${show((100 * warningOrWorse) / windows)}) of ${windows}` +
      `${target === null ? "" : `, target ${target}`}${peers}`,
  );
  return {
    name: `found critical, ${drift}, windows of ${cell.windowRows}, reference ${cell.referenceRows}`,
    value: 100 * rate,
    unit: "% of windows",
    against: target === null ? null : `target: at least ${target}`,
    ratio: target === null ? null : (100 * rate) / target,
    lower: 100 * lower,
    upper: 100 * upper,
    trials: windows,
  };
}

/** 95 %; against 1,000 rows 90 %. Null where nothing is asked for. */
function targetPercent(drift: string, { windowRows, referenceRows }: WindowCell): number | null {
  const asked = TARGETS.some((target) => target.drift === drift && target.windowRows === windowRows);
  return asked ? (referenceRows === SMALL_REFERENCE_ROWS ? 90 : 95) : null;
}

type PeerCells = (peer: (typeof PEER_WINDOWS)[number]) => readonly [number, number, number] | undefined;

function peersAt(windowRows: number, cells: PeerCells): string {
  const index = WINDOW_ROWS.findIndex((rows) => rows >= windowRows);
  const values = PEER_WINDOWS.map((peer) => cells(peer)?.[index]);
  return values.every((value) => value === undefined) ? "" : ` | peers ${values.map((v) => v ?? "-").join(" / ")}`;
}

function cellLabel(name: string, { windowRows, referenceRows }: WindowCell): string {
  return `${name.padEnd(14)} W ${String(windowRows).padStart(5)}  reference ${String(referenceRows).padStart(6)} `;
}

function show(value: number): string {
  return value.toFixed(2).replace(/\.?0+$/, "");
}
