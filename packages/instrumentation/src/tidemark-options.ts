import { readFileSync } from "node:fs";
import type { MeterProvider, TracerProvider } from "@opentelemetry/api";
import type { LoggerProvider } from "./events/find-logger.ts";
import { CUMULATIVE, DELTA, type Temporality } from "./export/metric-data.ts";
import type { ProfileFetcherOptions } from "./profile/profile-fetcher.ts";
import { describeValue, warn } from "./safety/warn.ts";
import { planSampling, type Sampling, type SamplingPlan } from "./sampling/sampling.ts";

export interface ProfileOptions {
  /** URL of the processor, such as http://processor:4318. */
  readonly processorUrl: string;
  /** Sent with each request, such as an authorization. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Folder in which profiles are kept for the next start. */
  readonly cacheFolder?: string | undefined;
}

export interface TidemarkOptions {
  /** Takes the events; the registered global one unless given. */
  readonly loggerProvider?: LoggerProvider | undefined;
  /** Takes the spans; the registered global one unless given. */
  readonly tracerProvider?: TracerProvider | undefined;
  /**
   * Takes the metrics through plain instruments: only for a host whose metric reader cannot be given `metricProducer`, since
   * its histograms cost twenty times as much.
   */
  readonly meterProvider?: MeterProvider | undefined;
  /** Which predictions have events; all unless given. */
  readonly sampling?: Sampling | undefined;
  /** File that holds the secret key by which features with the policy `hash` are hashed. */
  readonly hashKeyFile?: string | undefined;
  /** Points count from the start of the process (`cumulative`, the default) or from the last collection (`delta`). */
  readonly temporality?: "cumulative" | "delta" | undefined;
  /** Series that the metrics of one described model may have; 10,000 unless given. */
  readonly maxSeries?: number | undefined;
  /** The processor from which profiles are fetched that descriptions do not give; nowhere unless given. */
  readonly profiles?: ProfileOptions | undefined;
  /** Points are stamped with event time, one a look, and `advanceTo` says how far event time has come. */
  readonly replay?: boolean | undefined;
  /** Length of a look under replay; an hour unless given. */
  readonly lookMs?: number | undefined;
  /** Closed looks that may wait for a collection before the oldest is dropped; 1,000 unless given. */
  readonly maxQueuedLooks?: number | undefined;
  /** Wall clock, Unix milliseconds. */
  readonly now?: (() => number) | undefined;
}

/** Options after defaults; whatever was unusable is replaced by its default and named once. */
export interface Settings {
  readonly loggerProvider: LoggerProvider | undefined;
  readonly tracerProvider: TracerProvider | undefined;
  /** Null: metrics go through the producer. */
  readonly meterProvider: MeterProvider | null;
  readonly sampling: SamplingPlan;
  readonly temporality: Temporality;
  readonly maxSeries: number;
  /** Null where there is none, or it cannot be read. */
  readonly hashKey: Uint8Array | null;
  /** Null: profiles are not fetched. */
  readonly profiles: ProfileFetcherOptions | null;
  /** Null: live. */
  readonly replay: { readonly lookMs: number; readonly maxQueuedLooks: number } | null;
  readonly now: () => number;
}

/** A shorter key could be guessed. */
const MIN_KEY_BYTES = 16;
const DEFAULT_MAX_SERIES = 10_000;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 300_000;
const HOUR_MS = 3_600_000;
const DEFAULT_MAX_QUEUED_LOOKS = 1_000;

export function readOptions(options: TidemarkOptions): Settings {
  const { loggerProvider, tracerProvider, meterProvider, sampling, hashKeyFile, temporality } = options;
  const { maxSeries, profiles, replay, lookMs, maxQueuedLooks, now } = options;
  return {
    loggerProvider,
    tracerProvider,
    meterProvider: meterProvider ?? null,
    sampling: readSampling(sampling),
    temporality: temporality === "delta" && meterProvider === undefined ? DELTA : CUMULATIVE,
    maxSeries: numberOf("maxSeries", maxSeries, DEFAULT_MAX_SERIES, (given) => given >= 1),
    hashKey: hashKeyFile === undefined ? null : readKey(hashKeyFile),
    profiles: profiles === undefined ? null : readProfileOptions(profiles),
    replay:
      replay === true
        ? {
            lookMs: numberOf("lookMs", lookMs, HOUR_MS, (given) => given >= 1 && Number.isInteger(given)),
            maxQueuedLooks: numberOf("maxQueuedLooks", maxQueuedLooks, DEFAULT_MAX_QUEUED_LOOKS, (given) => given >= 1),
          }
        : null,
    now: now === undefined ? Date.now : guardedClock(now),
  };
}

function readSampling(given: Sampling | undefined): SamplingPlan {
  const { plan, problems } = planSampling(given);
  for (const problem of problems) warn(problem);
  return plan;
}

function readProfileOptions({ processorUrl, headers, cacheFolder }: ProfileOptions): ProfileFetcherOptions | null {
  if (!/^https?:\/\/./.test(processorUrl)) {
    warn(`option profiles.processorUrl is ${describeValue(processorUrl)}, expected an http or https URL`);
    return null;
  }
  return {
    processorUrl,
    headers: headers ?? {},
    cacheFolder: cacheFolder ?? null,
    firstRetryMs: FIRST_RETRY_MS,
    maxRetryMs: MAX_RETRY_MS,
  };
}

/** The given clock, and the system's wherever that one throws or gives no time. */
function guardedClock(now: () => number): () => number {
  return () => {
    try {
      const timeMs = now();
      return Number.isFinite(timeMs) ? timeMs : Date.now();
    } catch {
      return Date.now();
    }
  };
}

function readKey(path: string): Uint8Array | null {
  try {
    const key = readFileSync(path);
    if (key.length >= MIN_KEY_BYTES) return key;
    warn(`the key in hashKeyFile ${path} has ${key.length} bytes, expected ${MIN_KEY_BYTES} or more`);
  } catch (error) {
    warn(`hashKeyFile ${path} cannot be read: ${describeValue(error)}`);
  }
  return null;
}

function numberOf(name: string, given: unknown, fallback: number, isValid: (given: number) => boolean): number {
  if (given === undefined) return fallback;
  if (typeof given === "number" && isValid(given)) return given;
  warn(`option ${name} is ${describeValue(given)}, which is out of range; ${fallback} is used`);
  return fallback;
}
