import type { MonitorState } from "@tidemark/semconv";
import { MINIMUM_SILENCE_WEEKS } from "@tidemark/signals";
import type { UsualSilence } from "../aggregate/usual-silence.ts";

/** A model, and when its newest prediction or point was, Unix milliseconds. */
export interface NewestRecord {
  readonly tenant: string;
  readonly model: string;
  readonly newestMs: number;
}

/** How the silence of a model stands against what is usual at this hour of the week. */
export interface Silence {
  /** Since its newest prediction or point. */
  readonly seconds: number;
  /** `insufficient_data` where too few weeks are known. */
  readonly state: MonitorState;
  /** Seconds of silence from which it warns and is critical; null where too few weeks are known. */
  readonly warningAfterSeconds: number | null;
  readonly criticalAfterSeconds: number | null;
  /** What it is held against, in words. */
  readonly note: string;
}

export interface SilenceWatchOptions {
  /** The models that this processor speaks for; none under replay, where the clock says nothing of how old data is. */
  readonly models: () => readonly NewestRecord[];
  readonly readUsual: (of: NewestRecord) => Promise<UsualSilence>;
  readonly now: () => number;
}

export interface SilenceWatch {
  /** Reads what is usual for every model that has just fallen silent. Rejects where the store fails. */
  look(): Promise<void>;
  /** Null for a model that is not silent, or that was not looked at yet. */
  of(record: NewestRecord): Silence | null;
}

/** Exporters send every minute or so: less is no silence, and costs the store nothing. */
const LEAST_SILENCE_MS = 300_000;
const INTERVAL_MS = 1_000;
/** A store that fails is left alone for a while; until then nothing is usual. */
const ERROR_PAUSE_MS = 60_000;

export function createSilenceWatch({ models, readUsual, now }: SilenceWatchOptions): SilenceWatch {
  // What is usual depends on the newest record alone: it is read once a silence.
  const known = new Map<string, { readonly newestMs: number; readonly usual: UsualSilence }>();
  const isSilent = ({ newestMs }: NewestRecord) => now() - newestMs >= LEAST_SILENCE_MS;
  return {
    async look() {
      for (const record of models()) {
        const id = idOf(record);
        if (!isSilent(record)) known.delete(id);
        else if (known.get(id)?.newestMs !== record.newestMs) {
          known.set(id, { newestMs: record.newestMs, usual: await readUsual(record) });
        }
      }
    },
    of(record) {
      const entry = known.get(idOf(record));
      if (entry?.newestMs !== record.newestMs || !isSilent(record)) return null;
      return silenceOf(now() - record.newestMs, entry.usual);
    },
  };
}

/** Looks every second, one look at a time. */
export function startSilenceWatch(
  watch: Pick<SilenceWatch, "look">,
  onFailure: (error: unknown) => void,
): { close(): Promise<void> } {
  let closed = false;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;
  const next = (delayMs: number): void => {
    if (closed) return;
    timer = setTimeout(() => {
      running = watch.look().then(
        () => next(INTERVAL_MS),
        (error: unknown) => {
          onFailure(error);
          next(ERROR_PAUSE_MS);
        },
      );
    }, delayMs);
  };
  next(INTERVAL_MS);
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}

function idOf({ tenant, model }: NewestRecord): string {
  return JSON.stringify([tenant, model]);
}

function silenceOf(silentMs: number, { lines, weeks }: UsualSilence): Silence {
  const seconds = silentMs / 1000;
  if (lines === null) {
    return {
      ...{ seconds, state: "insufficient_data", warningAfterSeconds: null, criticalAfterSeconds: null },
      note: `needs ${MINIMUM_SILENCE_WEEKS} weeks to know what is usual; there are ${weeks}: held against the alert's fixed line`,
    };
  }
  return {
    seconds,
    state: silentMs > lines.criticalMs ? "critical" : silentMs > lines.warningMs ? "warning" : "ok",
    warningAfterSeconds: lines.warningMs / 1000,
    criticalAfterSeconds: lines.criticalMs / 1000,
    note: `held against the same hours of ${weeks} weeks before`,
  };
}
