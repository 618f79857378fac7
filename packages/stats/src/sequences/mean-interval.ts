/** Limits between which a mean lies; infinite where nothing is known yet. */
export interface MeanInterval {
  readonly lower: number;
  readonly upper: number;
}
