import type { Config, EnsembleProposal, Explanation, Measurement, SignalName } from "@tidemark/schema";
import { findFirstCause, type Signal, streamLooks, windowCounts } from "@tidemark/signals";
import type { Logger } from "pino";
import { atMostEvery } from "../at-most-every.ts";
import { logFailure } from "../log-failure.ts";
import type { EventTimes } from "../pipeline/event-times.ts";
import type { MonitoredModels } from "../pipeline/monitored-models.ts";
import { fencedStore } from "../replicas/fenced-store.ts";
import { fencingGeneration } from "../replicas/fencing-generation.ts";
import type { CurrentMembership } from "../replicas/membership.ts";
import { startReplica } from "../replicas/start-replica.ts";
import type { ModelKey } from "../store/models.ts";
import type { Store } from "../store/store.ts";
import { type AttributionEvaluation, attributionEvaluation } from "./attribution-evaluation.ts";
import { type Board, createBoard } from "./board.ts";
import { createChangeNotes } from "./changed-windows.ts";
import { createEvaluationLog, type EvaluationLog } from "./evaluation-log.ts";
import { createEvaluator, type Evaluator, type EvaluatorOptions } from "./evaluator.ts";
import { isReferenceReading } from "./reference-drift.ts";
import { restoreBoard } from "./restore-board.ts";
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
  /** What the attributions of a window came to, when it is judged and when late records change it. */
  readonly onAttributed: (evaluation: AttributionEvaluation) => void;
  /** Which models this processor owns among replicas on one store; null where it is alone. */
  readonly membership: CurrentMembership | null;
}

export interface Evaluation {
  readonly board: Board;
  readonly log: EvaluationLog;
  readonly evaluator: Evaluator;
  readonly schedule: Schedule;
  /** Whether this processor judges the model now, and speaks for it. */
  owns(key: Pick<ModelKey, "tenant" | "model">): boolean;
  /** Brings the board and the log up to what other replicas have judged; at most once in 10 s. */
  refreshBoard(): Promise<void>;
}

/** Between two looks at what other replicas have judged. */
const BOARD_INTERVAL_MS = 10_000;

/** Takes up evaluation where the store says it was left, and keeps it going. */
export async function startEvaluation(options: EvaluationOptions): Promise<Evaluation> {
  const { store, config, models, eventTimes, logger } = options;
  eventTimes.restore(await readKeyTimes(store));
  const board = createBoard();
  const log = createEvaluationLog();
  await restoreBoard(store, board, log);
  const common = {
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
    onJudged: (key, window, { current, changed }, seconds) => {
      board.put({ key, window, measurements: current });
      log.judged(key, window.endMs, seconds);
      const attributions = changed.some(isOf("attribution")) ? attributionEvaluation(key, window, current) : null;
      if (attributions !== null) options.onAttributed(attributions);
    },
  } satisfies Omit<EvaluatorOptions, "store" | "models" | "changes">;
  const create = (of: Store, own: MonitoredModels): Evaluator => {
    const changes = createChangeNotes();
    return createEvaluator({
      ...{ ...common, changes, models: own },
      store: createEvaluationStore(of, options.now, changes.note),
    });
  };
  const { membership } = options;
  const refreshBoard = () => restoreBoard(store, board, log);
  const evaluator =
    membership === null
      ? create(await soleStore(store), models)
      : await startReplica({
          ...{ store, models, eventTimes, membership, now: options.now, create },
          async onTakeOver(generation) {
            await refreshBoard();
            logger.info({ generation }, "judging what this replica owns");
          },
        });
  const schedule = startSchedule(evaluator, options.revision, (error) => {
    log.failed();
    logFailure(logger, error, "an evaluation failed; the next one goes on from there");
  });
  return {
    ...{ board, log, evaluator, schedule },
    owns: ({ tenant, model }) => membership === null || membership()?.owns(tenant, model) === true,
    refreshBoard: membership === null ? async () => undefined : atMostEvery(BOARD_INTERVAL_MS, refreshBoard),
  };
}

const isOf =
  (name: SignalName) =>
  ({ signal }: Measurement): boolean =>
    signal === name;

/** At a server replicas may have been before this processor, whose rows are to win over theirs. */
async function soleStore(store: Store): Promise<Store> {
  return store.server === null ? store : fencedStore(store, await fencingGeneration(store, 0), () => true);
}
