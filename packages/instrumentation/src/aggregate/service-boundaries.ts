/** Seconds, about six to a decade, from 10 µs to a minute; neighbours are at most a factor of 5/3 apart. */
export const DURATION_BOUNDARIES: readonly number[] = [
  1e-5, 1.5e-5, 2e-5, 3e-5, 5e-5, 7e-5, 1e-4, 1.5e-4, 2e-4, 3e-4, 5e-4, 7e-4, 1e-3, 1.5e-3, 2e-3, 3e-3, 5e-3, 7e-3,
  0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60,
];

/** Predictions in one call: powers of two. */
export const BATCH_SIZE_BOUNDARIES: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096];
