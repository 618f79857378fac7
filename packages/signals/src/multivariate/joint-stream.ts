import type { Profile } from "@tidemark/schema";
import {
  createDetectionReference,
  type DetectionReference,
  EDetector,
  type EDetectorOptions,
  type EDetectorState,
  meanLogEvidence,
  type StreamVerdict,
} from "@tidemark/stats";
import type { StreamLook } from "../drift/stream-slots.ts";
import type { MultivariateCounts } from "../window-aggregate.ts";
import { directionName, ERROR_NAME } from "./direction-name.ts";
import { type CountedDirection, lastingSpread } from "./slice-reference.ts";

type Multivariate = NonNullable<Profile["multivariate"]>;

/** All that is known of the joint distribution so far; JSON keeps it to the bit. */
export interface JointStreamState {
  /** In the order of the directions that are watched. */
  readonly detectors: readonly EDetectorState[];
  readonly state: StreamVerdict["state"];
}

export interface JointStreamOptions {
  readonly profile: Profile & { readonly multivariate: Multivariate };
  /** Features that are not watched: no direction along them is. */
  readonly ignored: readonly string[];
  /** A: the looks that a stable stream lasts on average before a false alarm. */
  readonly alarmLooks: number;
  /** Length of the windows that are looked at, milliseconds. */
  readonly windowMs: number;
  readonly state?: JointStreamState | undefined;
}

const WARNING_DIVISOR = 40;
const LEAST_ROWS = 50;
/** A detector that does not know its rows' dependence learns it from this many looks before it judges. */
const WARMUP_LOOKS = 32;
/** Place of the reconstruction error among the looks; the slices follow. */
const ERRORS = 0;

/**
 * The continuous verdict on all features together: an e-detector along each of the profile's directions, and one of the
 * reconstruction error. The mean of their statistics R is an e-detector itself, whatever their dependence: E[R_t] <= t for each,
 * so for the mean. A correlation that goes slowly, which no window shows, gathers in the directions that it has a part in.
 */
export class JointStream {
  readonly #detectors: ReadonlyMap<number, EDetector>;
  readonly #alarmLooks: number;
  readonly #multivariate: Multivariate;
  #state: StreamVerdict["state"];

  constructor({ profile, ignored, alarmLooks, windowMs, state }: JointStreamOptions) {
    const isOrdered = profile.source.start !== null;
    const places = watchedPlaces(profile.multivariate, ignored);
    this.#alarmLooks = alarmLooks;
    this.#multivariate = profile.multivariate;
    this.#state = state?.state ?? "insufficient_data";
    this.#detectors = new Map(
      places.map((place, index) => {
        const spread = isOrdered ? spreadOf(directionAt(profile.multivariate, place), windowMs) : UNKNOWN_SPREAD;
        const options = { references: [referenceOf(directionAt(profile.multivariate, place))], alarmLooks, ...spread };
        const known = state?.detectors[index];
        return [place, known === undefined ? new EDetector(options) : EDetector.restore(options, known)];
      }),
    );
  }

  /** Takes the looks of a window and says what all evidence now comes to, and along which direction most of it lies. */
  take(looks: readonly StreamLook[]): StreamVerdict & { readonly strongest: string } {
    for (const { slot, counts } of looks) this.#detectors.get(slot)?.look(counts);
    const places = [...this.#detectors.keys()];
    const verdicts = [...this.#detectors.values()].map((detector) => detector.verdict());
    const logEvidence = meanLogEvidence(verdicts.map((verdict) => verdict.logEvidence));
    const most = verdicts.reduce((a, b) => (b.logEvidence > a.logEvidence ? b : a));
    this.#state = this.#nextState(logEvidence, verdicts);
    const strongest = placeName(this.#multivariate, places[verdicts.indexOf(most)]!);
    return { ...most, state: this.#state, logEvidence, strongest };
  }

  snapshot(): JointStreamState {
    return { detectors: [...this.#detectors.values()].map((detector) => detector.snapshot()), state: this.#state };
  }

  #nextState(logEvidence: number, verdicts: readonly StreamVerdict[]): StreamVerdict["state"] {
    const line = Math.log(this.#alarmLooks);
    const warns = logEvidence >= line - Math.log(WARNING_DIVISOR);
    if (logEvidence >= line || (warns && this.#state === "critical")) return "critical";
    if (warns) return "warning";
    const isKnown = verdicts.every(({ rows, state }) => rows >= LEAST_ROWS && state !== "insufficient_data");
    return isKnown ? "ok" : "insufficient_data";
  }
}

/** A window's counts as looks, the place of the direction as their slot; directions along a feature that no row names have none. */
export function jointLooks(multivariate: Multivariate, counts: MultivariateCounts): StreamLook[] {
  const all = [counts.errors.counts, ...counts.slices];
  return watchedPlaces(multivariate, counts.absent).map((slot) => ({ slot, counts: [...all[slot]!] }));
}

/** Places of the directions that no feature left out has a part in; the first is the reconstruction error, of all of them. */
export function watchedPlaces({ features, slices }: Multivariate, without: readonly string[]): number[] {
  const isUsed = features.map((name) => !without.includes(name));
  const own = slices.flatMap(({ direction }, index) =>
    direction.some((weight, j) => weight !== 0 && !isUsed[j]) ? [] : [index + 1],
  );
  return isUsed.every(Boolean) ? [ERRORS, ...own] : own;
}

function placeName({ features, slices }: Multivariate, place: number): string {
  return place === ERRORS ? ERROR_NAME : directionName(features, slices[place - 1]!.direction);
}

function directionAt({ errors, slices }: Multivariate, place: number): CountedDirection {
  return place === ERRORS ? errors : slices[place - 1]!;
}

function referenceOf(direction: CountedDirection): DetectionReference {
  const { slots, rowsPerIndependent } = direction.varianceInflation;
  const dependent = (slots === null ? rowsPerIndependent?.rows : rowsPerIndependent?.slots) ?? 1;
  return createDetectionReference(direction.counts, "numeric", dependent);
}

const UNKNOWN_SPREAD = { warmupLooks: WARMUP_LOOKS };

function spreadOf(direction: CountedDirection, windowMs: number): Partial<EDetectorOptions> {
  const { rows, slots } = direction.varianceInflation;
  return slots === null ? { initialVariance: rows } : lastingSpread(direction, windowMs);
}
