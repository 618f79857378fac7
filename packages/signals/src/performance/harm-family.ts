import type { ModelConfig, ReferenceRisk, SegmentRisk } from "@tidemark/schema";
import { type HarmLine, HarmSeries, type HarmSeriesVerdict, type LossSums, upperBound } from "./harm-series.ts";

type HarmConfig = Pick<ModelConfig, "performance" | "outcomeHorizon" | "segments">;

/** A value of a declared segment. */
export interface SegmentOf {
  readonly name: string;
  readonly value: string;
}

/** What a window adds to the harmful-shift verdicts, as it is stored. */
export interface LossWindow extends LossSums {
  readonly startMs: number;
  readonly endMs: number;
  /** Share of the expected outcomes that are known, in [0, 1]. */
  readonly maturity: number;
  readonly segments: readonly (SegmentOf & LossSums)[];
}

/** A verdict as it stands at the end of a window. */
export interface HarmVerdict extends HarmSeriesVerdict {
  /** Null for the whole model. */
  readonly segment: SegmentOf | null;
  /** What it is held against: its own reference's loss, or for a value that is not in the reference that of the hardest one. */
  readonly against: "own" | { readonly hardest: string };
  /** Whether this window's outcomes were waited for; else the verdict rests on the windows before. */
  readonly isMature: boolean;
}

/** Probability that any verdict on a model is ever wrong. */
const ALPHA = 0.05;
/** How it is divided where segments are judged: the whole, the values that the reference has, and those that come later. */
const SHARES = { whole: 0.5, known: 0.4, later: 0.1 } as const;
/** Values not in the reference that are judged; the k-th has the share 1 / (k (k + 1)) of theirs. */
const MAX_LATER = 20;
/** Rows after which a value that is not in the reference is judged. */
const MIN_LATER_ROWS = 100;
/** Values whose rows are counted until then. */
const MAX_WAITING = 200;

/**
 * The harmful-shift verdicts on a model: the whole, and every value of the configured segments of whose loss the reference
 * knows. All of them at every look are right together with 95 %: the whole takes half of the error, the reference's m values
 * 0.4 / m each (Bonferroni, whatever their dependence), and values that are not in the reference the rest by a spending
 * series, in the order in which they gather a hundred rows. Without such a segment all of it is the whole's.
 *
 * A value that is not in the reference is held against the value of its segment that is hardest for the model there: it may be as
 * hard as any that was known, and harm is what goes beyond.
 *
 * Windows enter in order and once their outcomes have matured, or the horizon has passed them.
 */
export class HarmFamily {
  /** Configured segments of whose loss the reference knows nothing. */
  readonly unjudged: readonly string[];
  readonly #reference: ReferenceRisk;
  readonly #config: HarmConfig;
  readonly #hardest: ReadonlyMap<string, { readonly value: string; readonly line: HarmLine }>;
  #whole: HarmSeries;
  #members: Map<string, Member>;
  /** Rows so far by value. */
  #waiting = new Map<string, number>();
  #later = 0;
  #isWaiting = false;

  constructor(reference: ReferenceRisk, config: HarmConfig) {
    const { segments, performance } = config;
    const known = (reference.segments ?? []).filter(({ name }) => segments.includes(name));
    const tolerance = performance.harmTolerance;
    const lineOf = (risk: SegmentRisk | ReferenceRisk): HarmLine => ({
      reference: { ...risk, rowsPerIndependent: risk.rowsPerIndependent ?? reference.rowsPerIndependent },
      tolerance: tolerance * (reference.loss === "absolute_error" ? risk.mean : 1),
      cap: reference.cap,
    });
    const wholeAlpha = ALPHA * (known.length > 0 ? SHARES.whole : 1);
    const alpha = (ALPHA * SHARES.known) / known.length;
    this.#reference = reference;
    this.#config = config;
    this.unjudged = segments.filter((each) => !known.some(({ name }) => name === each));
    this.#whole = new HarmSeries(lineOf(reference), wholeAlpha);
    const lines = known.map((risk) => ({ name: risk.name, value: risk.value, line: lineOf(risk) }));
    this.#members = new Map(
      lines.map(({ name, value, line }) => [
        keyOf({ name, value }),
        { segment: { name, value }, against: "own", series: new HarmSeries(line, alpha) },
      ]),
    );
    const reach = (line: HarmLine) => upperBound(line, alpha, 1) + line.tolerance;
    this.#hardest = new Map(
      [...Map.groupBy(lines, ({ name }) => name)].map(([name, own]) => [
        name,
        own.reduce((a, b) => (reach(b.line) > reach(a.line) ? b : a)),
      ]),
    );
  }

  /** Whether a window waits for its outcomes, and with it all that come after. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /**
   * The verdicts at the end of the next window: the whole's, then those of the values that have had rows.
   *
   * @param nowMs end of the newest judged window, Unix milliseconds.
   */
  add(window: LossWindow, nowMs: number): HarmVerdict[] {
    const { performance, outcomeHorizon } = this.#config;
    this.#isWaiting ||= window.maturity < performance.minimumCoverage && nowMs - window.endMs <= outcomeHorizon;
    const isMature = !this.#isWaiting;
    if (isMature) {
      this.#whole.add(window.startMs, window);
      for (const segment of window.segments) this.#seriesOf(segment)?.add(window.startMs, segment);
    }
    const begun = [...this.#members.values()].filter(({ series }) => series.isBegun);
    return [
      { segment: null, against: "own", isMature, ...this.#whole.verdict() },
      ...begun.map(({ segment, against, series }) => ({ segment, against, isMature, ...series.verdict() })),
    ];
  }

  /** The same once more, to go on from here in another way. */
  clone(): HarmFamily {
    const copy = new HarmFamily(this.#reference, this.#config);
    copy.#whole = this.#whole.clone();
    copy.#members = new Map(
      [...this.#members].map(([key, member]) => [key, { ...member, series: member.series.clone() }]),
    );
    copy.#waiting = new Map(this.#waiting);
    copy.#later = this.#later;
    copy.#isWaiting = this.#isWaiting;
    return copy;
  }

  #seriesOf(segment: SegmentOf & LossSums): HarmSeries | null {
    const key = keyOf(segment);
    const known = this.#members.get(key);
    if (known !== undefined) return known.series;
    const hardest = this.#hardest.get(segment.name);
    if (hardest === undefined || this.#later >= MAX_LATER) return null;
    const rows = (this.#waiting.get(key) ?? 0) + segment.rows;
    if (rows < MIN_LATER_ROWS) {
      if (this.#waiting.has(key) || this.#waiting.size < MAX_WAITING) this.#waiting.set(key, rows);
      return null;
    }
    this.#waiting.delete(key);
    this.#later += 1;
    const alpha = (ALPHA * SHARES.later) / (this.#later * (this.#later + 1));
    const series = new HarmSeries(hardest.line, alpha);
    const { name, value } = segment;
    this.#members.set(key, { segment: { name, value }, against: { hardest: hardest.value }, series });
    return series;
  }
}

interface Member {
  readonly segment: SegmentOf;
  readonly against: HarmVerdict["against"];
  readonly series: HarmSeries;
}

function keyOf({ name, value }: SegmentOf): string {
  return `${name}=${value}`;
}
