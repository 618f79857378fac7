/**
 * What peers gave on streams of the same definitions, with their defaults: measured once by running them (scipy 1.17.1,
 * evidently 0.7.23, nannyml 0.13.1, alibi-detect, whylogs, river), not in this run.
 */
export interface PeerWindows {
  readonly peer: string;
  /** False alarms per 1,000 stable feature-windows, by stream, at windows of 200, 1,000 and 5,000 rows. */
  readonly falsePerThousand: Readonly<Record<string, readonly [number, number, number]>>;
  /** Drifted windows found, per cent, by drift, at the same windows. */
  readonly foundPercent: Readonly<Record<string, readonly [number, number, number]>>;
}

export const PEER_WINDOWS: readonly PeerWindows[] = [
  {
    peer: "Evidently, reference 10 windows",
    falsePerThousand: {
      normal: [368, 3, 0],
      lognormal: [352, 3, 0],
      t2: [667, 44, 4],
      categorical5: [9, 0, 0],
      seasonal: [971, 965, 998],
    },
    foundPercent: {
      "shift 0.1 sd": [70, 54, 42],
      "shift 0.25 sd": [100, 100, 100],
      "shift 0.5 sd": [100, 100, 100],
      "variance x1.5": [98, 100, 100],
      "t2 + 0.5": [94, 100, 83],
      "TV 0.05": [6, 0, 0],
      "TV 0.10": [40, 14, 0],
    },
  },
  {
    peer: "NannyML Jensen-Shannon",
    falsePerThousand: {
      normal: [56, 64, 50],
      lognormal: [54, 58, 90],
      t2: [34, 78, 44],
      categorical5: [36, 24, 50],
      seasonal: [0, 0, 0],
    },
    foundPercent: {
      "shift 0.1 sd": [10, 40, 97],
      "shift 0.25 sd": [46, 100, 100],
      "shift 0.5 sd": [99, 100, 100],
      "variance x1.5": [44, 100, 100],
      "t2 + 0.5": [50, 57, 55],
      "TV 0.05": [16, 66, 100],
      "TV 0.10": [56, 100, 100],
    },
  },
  {
    peer: "Alibi Detect KS / chi-square",
    falsePerThousand: {
      normal: [48, 33, 52],
      lognormal: [46, 46, 54],
      t2: [52, 49, 44],
      categorical5: [42, 35, 60],
      seasonal: [837, 971, 1000],
    },
    foundPercent: {
      "shift 0.1 sd": [19, 75, 100],
      "shift 0.25 sd": [84, 100, 100],
      "shift 0.5 sd": [100, 100, 100],
      "variance x1.5": [32, 100, 100],
      "t2 + 0.5": [100, 100, 100],
      "TV 0.05": [24, 79, 100],
      "TV 0.10": [76, 100, 100],
    },
  },
];

/** river's ADWIN, row by row, defaults. */
export const ADWIN_ROWS = {
  falsePerHundredThousand: { normal: 0, lognormal: 7.5, t2: 20, categorical5: 0.1, seasonal: 253 } as Readonly<
    Record<string, number>
  >,
  medianDelayRows: {
    "shift 0.1 sd": 1984,
    "shift 0.25 sd": 336,
    "shift 0.5 sd": 96,
    "shift 1 sd": 64,
    "variance x1.5": 5792,
    "t2 + 0.5": 576,
    "TV 0.05": 1152,
    "TV 0.10": 352,
  } as Readonly<Record<string, number>>,
};
