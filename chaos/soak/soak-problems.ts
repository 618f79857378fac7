/** What a processor was like for a few seconds. */
export interface SoakSample {
  readonly residentBytes: number;
  /** Median time to an answer. */
  readonly latencyMs: number;
  /** Open files and sockets of the process but for the engine's. */
  readonly handles: number;
  /** What the engine holds open: files of parts, which come and go with its merges, and one for each of its threads. */
  readonly engineFiles: number;
  readonly answered: number;
  /** Requests that were not answered 200, since the start. */
  readonly refused: number;
}

/** The engine's caches and the parts between two merges. */
const MEMORY_SLACK = { ratio: 1.2, bytes: 100_000_000 };
/** A machine shared with others is slower at times. */
const LATENCY_SLACK = { ratio: 2, ms: 100 };
const HANDLE_SLACK = 40;
/** Its threads settle within minutes, at some 570 in all; parts that are never closed would pass this in an hour. */
const MOST_ENGINE_FILES = 1_000;

/** What is not flat, comparing the medians of the second fifth of the time and of the last; empty where all is. */
export function soakProblems(samples: readonly SoakSample[]): string[] {
  const fifth = Math.floor(samples.length / 5);
  if (fifth === 0) return [`${samples.length} samples are too few to tell`];
  const early = samples.slice(fifth, 2 * fifth);
  const late = samples.slice(-fifth);
  const medians = (value: (sample: SoakSample) => number) =>
    [median(early.map(value)), median(late.map(value))] as const;
  const problems: string[] = [];
  const [bytesBefore, bytes] = medians(({ residentBytes }) => residentBytes);
  if (bytes > bytesBefore * MEMORY_SLACK.ratio + MEMORY_SLACK.bytes)
    problems.push(`memory grew from ${bytesBefore} to ${bytes} bytes`);
  const [msBefore, ms] = medians(({ latencyMs }) => latencyMs);
  if (ms > msBefore * LATENCY_SLACK.ratio + LATENCY_SLACK.ms)
    problems.push(`latency grew from ${msBefore} to ${ms} ms`);
  const [handlesBefore, handles] = medians(({ handles: count }) => count);
  if (handles > handlesBefore + HANDLE_SLACK) problems.push(`open files grew from ${handlesBefore} to ${handles}`);
  const engineFiles = Math.max(...samples.map((sample) => sample.engineFiles));
  if (engineFiles > MOST_ENGINE_FILES) problems.push(`the engine held ${engineFiles} files open`);
  const refused = samples.at(-1)!.refused;
  if (refused > 0) problems.push(`${refused} requests were not answered 200`);
  return problems;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
