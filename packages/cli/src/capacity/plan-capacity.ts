/** What is to be watched. */
export interface Workload {
  readonly models: number;
  /** Features of a model. */
  readonly features: number;
  /** Predictions a second of all models together. */
  readonly predictionsPerSecond: number;
  /** Days from a prediction to its outcome; null where none comes. */
  readonly labelDelayDays: number | null;
  readonly retentionDays: number;
}

/** Measured costs; docs/scale.md says where each comes from. */
export const COSTS = {
  /** CPU from OTLP bytes to a durable row, merges included: for a prediction, and for each of its features. */
  ingestMicros: { prediction: 12, feature: 0.9 },
  /** CPU of an outcome's row. */
  outcomeMicros: 8,
  /** CPU of judging a window: in any case, and for each feature of each of its rows. */
  windowMillis: 60,
  windowMicrosPerValue: 2.2,
  /** Bytes on disk of random numbers, which do not compress; real ones take less. */
  bytesPerRow: 60,
  bytesPerValue: 8.5,
  bytesPerOutcome: 60,
  /** Memory of a processor before any load, and of the queue that it may fill. */
  baseBytes: 600_000_000,
  queueBytes: 256 * 1024 * 1024,
} as const;

/** Windows that are judged a day for a model: one of 24 hours, and a seventh of one of seven days. */
const WINDOWS_A_DAY = { day: 1, week: 1 / 7 };
/** Times that a window is judged in all where outcomes come late: at its end, and as its outcomes come in. */
const JUDGEMENTS_WITH_LABELS = 3;
const SECONDS_A_DAY = 86_400;
/** A core is planned to be busy so far, so that a peak or the loss of a neighbour finds room. */
const UTILISATION = 0.5;
const CORES_A_REPLICA = 4;

export interface CapacityPlan {
  readonly ingestCores: number;
  readonly judgingCores: number;
  /** Cores to provide, with room for peaks. */
  readonly cores: number;
  readonly diskBytesPerDay: number;
  readonly diskBytes: number;
  readonly memoryBytes: number;
  /** Whether one processor with its embedded store suffices: it has one writer, which keeps about one core busy. */
  readonly fitsOneProcessor: boolean;
  /** Processors of four cores that would be needed beside a ClickHouse cluster. */
  readonly replicas: number;
}

/** What a workload takes, by arithmetic from measured costs. Throws RangeError on a number that is none of its kind. */
export function planCapacity(workload: Workload): CapacityPlan {
  for (const [name, value] of Object.entries(workload)) {
    if (value !== null && !(Number.isFinite(value) && value > 0)) {
      throw new RangeError(`${name} is ${value}; expected a number above 0`);
    }
  }
  const { models, features, predictionsPerSecond: rate, labelDelayDays, retentionDays } = workload;
  const hasLabels = labelDelayDays !== null;
  const rowMicros =
    COSTS.ingestMicros.prediction + features * COSTS.ingestMicros.feature + (hasLabels ? COSTS.outcomeMicros : 0);
  const ingestCores = (rate * rowMicros) / 1e6;
  const judgements = hasLabels ? JUDGEMENTS_WITH_LABELS : 1;
  const windows = WINDOWS_A_DAY.day + WINDOWS_A_DAY.week;
  const rowsADay = rate * SECONDS_A_DAY;
  // Every row is read by its day's window and by its week's.
  const judgingSeconds =
    judgements *
    (models * windows * (COSTS.windowMillis / 1e3) + (2 * rowsADay * features * COSTS.windowMicrosPerValue) / 1e6);
  const judgingCores = judgingSeconds / SECONDS_A_DAY;
  const rowBytes = COSTS.bytesPerRow + features * COSTS.bytesPerValue + (hasLabels ? COSTS.bytesPerOutcome : 0);
  const diskBytesPerDay = rowsADay * rowBytes;
  const cores = (ingestCores + judgingCores) / UTILISATION;
  const replicas = Math.max(1, Math.ceil(cores / CORES_A_REPLICA));
  return {
    ingestCores,
    judgingCores,
    cores: Math.max(1, Math.ceil(cores)),
    diskBytesPerDay,
    diskBytes: diskBytesPerDay * (retentionDays + (labelDelayDays ?? 0)),
    memoryBytes: replicas * (COSTS.baseBytes + COSTS.queueBytes),
    fitsOneProcessor: ingestCores <= 1 && replicas <= 1,
    replicas,
  };
}
