import type { Config, EnsembleProposal, Explanation, Measurement, SignalName } from "@tidemark/schema";
import { findFirstCause, type Signal, streamLooks, windowCounts } from "@tidemark/signals";
import type { Logger } from "pino";
import { groupBy } from "../group-by.ts";
import type { EventTimes } from "../pipeline/event-times.ts";
import type { MonitoredModels } from "../pipeline/monitored-models.ts";
import { readMeasurements } from "../store/measurements.ts";
import { keyText } from "../store/models.ts";
import type { Store } from "../store/store.ts";
import { type Board, createBoard } from "./board.ts";
import { createChangeNotes } from "./changed-windows.ts";
import { createEvaluationLog, type EvaluationLog } from "./evaluation-log.ts";
import { createEvaluator, type Evaluator } from "./evaluator.ts";
import { isReferenceReading } from "./reference-drift.ts";
import { isWithdrawn } from "./revise-measurements.ts";
import { type Schedule, startSchedule } from "./schedule.ts";
import { createEvaluationStore, readKeyTimes } from "./stored-evaluation.ts";
import { isHarm } from "./watch-harm.ts";
import { isStreamReading } from "./watch-streams.ts";

export interface EvaluationOptions {
  readonly store: Store;
  readonly config: Config;
  readonly models: MonitoredModels;
  readonly signals: readonly Signal[];
  readonly eventTimes: EventTimes;
  readonly now: () => number;
  readonly logger: Logger;
  /** Grows with every request that was stored. */
  readonly revision: () => number;
  readonly visibleBefore: () => number;
  readonly yieldToIngest: () => Promise<void>;
  readonly onExplained: (explanation: Explanation) => void;
  readonly onReweighed: (proposal: EnsembleProposal) => void;
}

export interface Evaluation {
  readonly board: Board;
  readonly log: EvaluationLog;
  readonly evaluator: Evaluator;
  readonly schedule: Schedule;
}

/** Takes up evaluation where the store says it was left, and keeps it going. */
export async function startEvaluation(options: EvaluationOptions): Promise<Evaluation> {
  const { store, config, models, eventTimes, logger } = options;
  eventTimes.restore(await readKeyTimes(store));
  const board = await restoreBoard(store);
  const log = createEvaluationLog();
  for (const { key, window } of board.entries()) log.restore(key, window.endMs);
  const changes = createChangeNotes();
  const evaluator = createEvaluator({
    store: createEvaluationStore(store, options.now, changes.note),
    changes,
    models,
    eventTimes,
    clock: { mode: config.clock.mode, allowedLatenessMs: config.clock.allowedLateness },
    judges: {
      signals: options.signals,
      findFirstCause,
      streamLooks: options.signals.some(({ name }) => name === "drift") ? streamLooks : null,
      windowCounts: options.signals.some(({ name }) => name === "drift") ? windowCounts : null,
      onDefect: (signal, error) => {
        log.failed();
        logger.error({ err: error, signal }, "a signal failed; the window is judged without it");
      },
    },
    now: options.now,
    visibleBefore: options.visibleBefore,
    yieldToIngest: options.yieldToIngest,
    onExplained: options.onExplained,
    onReweighed: options.onReweighed,
    onEnsembleJudged: (key, window, measurements) => board.amend(key, window, isOf("ensemble"), measurements),
    onWatched: (key, window, measurements) => board.amend(key, window, isStreamReading, measurements),
    onHarmJudged: (key, window, measurements) => board.amend(key, window, isHarm, measurements),
    onReferenceDrift: (key, window, measurements) => board.amend(key, window, isReferenceReading, measurements),
    onCompared: (key, window, measurements) => board.amend(key, window, isOf("comparison"), measurements),
    onCharted: (key, window, measurements) => board.amend(key, window, isOf("control"), measurements),
    onEstimated: (key, window, measurements) => board.amend(key, window, isOf("estimation"), measurements),
    onJudged: (key, window, measurements, seconds) => {
      board.put({ key, window, measurements });
      log.judged(key, window.endMs, seconds);
    },
  });
  const schedule = startSchedule(evaluator, options.revision, (error) => {
    log.failed();
    logger.error({ err: error }, "an evaluation failed; the next one goes on from there");
  });
  return { board, log, evaluator, schedule };
}

const isOf =
  (name: SignalName) =>
  ({ signal }: Measurement): boolean =>
    signal === name;

async function restoreBoard(store: Store): Promise<Board> {
  const board = createBoard();
  const newest = (await readMeasurements(store, { latest: true })).filter((row) => !isWithdrawn(row));
  for (const group of groupBy(newest, (row) => `${keyText(row)} ${row.window.name}`).values()) {
    const { tenant, model, version, role, window } = group[0]!;
    board.put({
      key: { tenant, model, version, role },
      window: { name: window.name, startMs: Date.parse(window.start), endMs: Date.parse(window.end) },
      measurements: group,
    });
  }
  return board;
}
