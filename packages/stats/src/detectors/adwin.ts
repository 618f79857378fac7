import { AdwinWindow } from "./adwin-window.ts";
import {
  type ChangeDetector,
  type ChangeVerdict,
  isCount,
  isInnerShare,
  requireFinite,
  requireOption,
} from "./change-detector.ts";

export interface AdwinOptions {
  /** Chance of a false drift a check, in (0, 1). Default 0.002. */
  readonly delta?: number;
  /** Values between checks. Default 32. */
  readonly clock?: number;
  /** Buckets of one size before two are merged. Default 5. */
  readonly maxBuckets?: number;
  /** Least length of either side of a cut. Default 5. */
  readonly minWindowLength?: number;
  /** Values before the first check. Default 10. */
  readonly gracePeriod?: number;
  /** `shrink` (default): keep the newer part of the window, as the authors do. `restart`: forget all with the next value, as river does. */
  readonly afterDrift?: "shrink" | "restart";
}

/**
 * ADWIN: a window of the newest values that drops its older part whenever the means of its parts differ.
 *
 * Every `clock` values each cut between buckets is tried: with harmonic size m, variance v of the window and
 * d = ln(2 ln(width) / delta), the parts differ where |mean_0 - mean_1| > sqrt(2 v d / m) + 2 d / (3 m). The oldest bucket is then
 * dropped and the rest looked at again. The window keeps O(log n) buckets; it says drift, never warns, and does not forget the rest.
 *
 * Source: A. Bifet, R. Gavaldà, SDM 2007, doi:10.1137/1.9781611972771.42.
 * @example new Adwin().update(0.2) // { drift: false, warning: false }
 */
export class Adwin implements ChangeDetector {
  readonly #options: Required<AdwinOptions>;
  #window: AdwinWindow;
  #ticks = 0;
  #drifted = false;

  /** @throws RangeError naming the option out of its domain. */
  constructor(options: AdwinOptions = {}) {
    const { delta = 0.002, clock = 32, maxBuckets = 5, minWindowLength = 5, gracePeriod = 10 } = options;
    const { afterDrift = "shrink" } = options;
    requireOption("delta", delta, isInnerShare, "in (0, 1)");
    for (const [name, value] of Object.entries({ clock, maxBuckets, minWindowLength, gracePeriod })) {
      requireOption(name, value, isCount, "a whole number of at least 1");
    }
    this.#options = { delta, clock, maxBuckets, minWindowLength, gracePeriod, afterDrift };
    this.#window = new AdwinWindow(maxBuckets);
  }

  update(value: number): ChangeVerdict {
    requireFinite(value);
    const { clock, gracePeriod, afterDrift } = this.#options;
    if (this.#drifted && afterDrift === "restart") this.reset();
    this.#window.insert(value);
    this.#ticks += 1;
    this.#drifted = false;
    if (this.#ticks % clock === 0 && this.#window.width > gracePeriod) {
      while (this.#findCut()) {
        this.#drifted = true;
        this.#window.dropOldest();
      }
    }
    return { drift: this.#drifted, warning: false };
  }

  /** Length, mean, variance (of the population) and sum of the present window. */
  state(): { readonly width: number; readonly mean: number; readonly variance: number; readonly total: number } {
    const { width, total, squares } = this.#window;
    return { width, total, mean: width > 0 ? total / width : 0, variance: width > 0 ? squares / width : 0 };
  }

  reset(): void {
    this.#window = new AdwinWindow(this.#options.maxBuckets);
    this.#ticks = 0;
    this.#drifted = false;
  }

  #findCut(): boolean {
    const { width, total, squares, totals, counts, capacity, rows } = this.#window;
    const { minWindowLength, delta } = this.#options;
    const logarithm = Math.log((2 * Math.log(width)) / delta);
    const spread = 2 * (squares / width) * logarithm;
    let olderWidth = 0;
    let olderTotal = 0;
    for (let row = rows - 1; row >= 0; row--) {
      const size = 2 ** row;
      const end = row * capacity + counts[row]!;
      for (let at = row * capacity; at < end; at++) {
        olderWidth += size;
        olderTotal += totals[at]!;
        const newerWidth = width - olderWidth;
        if (newerWidth < minWindowLength) return false;
        if (olderWidth < minWindowLength) continue;
        const difference = Math.abs(olderTotal / olderWidth - (total - olderTotal) / newerWidth);
        const inverse = 1 / (olderWidth - minWindowLength + 1) + 1 / (newerWidth - minWindowLength + 1);
        if (difference > Math.sqrt(inverse * spread) + (2 / 3) * logarithm * inverse) return true;
      }
    }
    return false;
  }
}
