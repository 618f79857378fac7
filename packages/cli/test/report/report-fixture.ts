import type { StoredEnsemble } from "@tidemark/processor";
import type { Measurement } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import type { ReportApi, ReportModelEntry } from "../../src/report/report-data.ts";
import { driftOf } from "./fixture/drift-measurements.ts";
import { harmMeasurement, segmentHarmMeasurements } from "./fixture/harm-measurement.ts";
import { incidentsOf } from "./fixture/incidents.ts";
import { measurementMaker } from "./fixture/measurement-maker.ts";
import { classScores, regressionScores } from "./fixture/performance-measurements.ts";
import { profileOf } from "./fixture/profile.ts";
import { quality, service } from "./fixture/quality-and-service.ts";
import { type Random, seededRandom } from "./fixture/seeded-random.ts";
import { FEATURES, PROFILE_ID, type Story, WEEKS } from "./fixture/story.ts";

export interface FixtureOptions {
  readonly seed: number;
  readonly story: Story;
}

/** A read API over half a year of made-up but plausible flights, the same for the same seed. */
export function fixtureApi(options: FixtureOptions): ReportApi {
  const random = seededRandom(options.seed);
  const measurements =
    options.story === "empty"
      ? []
      : Array.from({ length: WEEKS }, (_, week) => week).flatMap((week) => weekOf(week, options.story, random));
  const incidents = incidentsOf(measurements, options.story);
  const windows = measurements.length === 0 ? [] : [{ name: "24h" }, { name: "7d" }];
  const entry: ReportModelEntry = {
    model: options.story === "regression" ? "fare" : "flight-delay",
    version: "1",
    role: "champion",
    state: "ok",
    profileId: PROFILE_ID,
    predictions: measurements.length === 0 ? 0 : 312_480,
    outcomes: measurements.length === 0 ? 0 : 309_911,
    firstTime: "2001-01-01T00:03:00.000Z",
    lastTime: "2001-06-30T23:58:00.000Z",
    windows,
  };
  return {
    models: async () => [entry],
    measurements: async ({ windowName, metric: name, targetKind, latest }) => [
      ...measurements.filter(
        (each) =>
          (windowName === undefined || each.window.name === windowName) && (name ?? each.metric) === each.metric,
      ),
      ...(windowName === "24h" && name === metric.driftSeverity && latest === true ? continuousOf(options.story) : []),
      ...(name === metric.performanceHarm && options.story === "units" ? harmOf(targetKind) : []),
    ],
    incidents: async () => incidents,
    joinedIncidents: async () => [],
    outcomes: async () => ({
      outcomes: entry.outcomes,
      matched: entry.outcomes - 12,
      orphans: 12,
      duplicates: 3,
      corrected: 41,
      conflicts: 1,
      firstTime: entry.firstTime,
      lastTime: entry.lastTime,
    }),
    explanations: async ({ model, version, role }) =>
      options.story === "units"
        ? [
            {
              tenant: "default",
              model,
              version,
              role,
              window: { name: "7d", start: "2001-04-30T00:00:00.000Z", end: "2001-05-07T00:00:00.000Z" },
              causes: [
                {
                  kind: "unit_change",
                  target: "distance",
                  explanation: "distance looks like its usual values times 1.609.",
                },
              ],
              rows: 4_000,
              rowsBefore: 24_000,
              windowsBefore: 6,
              loss: {
                name: "brier",
                window: 0.171,
                before: 0.152,
                covariate: 0.013,
                covariateError: 0.001,
                concept: 0.006,
                conceptError: 0.004,
                notComparable: 0,
                common: { value: 0.004, natural: 0.02, line: 0.027 },
                level: 0.001,
                features: [{ feature: "distance", covariate: 0.012, concept: 0.004 }],
                segments: [{ name: "origin = <b>ORD</b>", rows: 240, loss: 0.31, lossBefore: 0.2, gapError: 0.02 }],
              },
              features: [{ feature: "distance", value: 0.4, natural: 0.04, line: 0.07 }],
              coincident: ["challenger 2 sent its first prediction at 2001-05-01T00:00:00.000Z"],
              examples: [{ id: "0190", traceId: "" }],
            },
          ]
        : [],
    comparisons: async (model) =>
      options.story === "units"
        ? [
            {
              model,
              version: "2",
              role: "challenger",
              verdict: "challenger_better",
              pairs: 120_431,
              difference: -0.0121,
              lower: -0.0154,
              upper: -0.0087,
              note: "brier loss, 120431 pairs since 2001-03-01T00:00:00.000Z: the challenger is better",
              decidedAtPairs: 41_200,
              windowName: "24h",
              windowEnd: "2001-06-30T00:00:00.000Z",
            },
          ]
        : [],
    ensembles: async (model) => (options.story === "units" ? [ensembleOf(model)] : []),
    status: () => ({
      ingest: [
        { record: "prediction", result: "accepted", reason: "", count: entry.predictions },
        { record: "other", result: "rejected", reason: "time_outside_window", count: 17 },
      ],
      models: options.story === "units" ? [{ ...PROGRESS, schedule: MISSED }] : [],
    }),
    profile: async (id) => (id === PROFILE_ID ? profileOf(options.story) : null),
  };
}

/** The newest day: what has been gathered of distance since the change, of origin, and of a field that is being learned. */
function continuousOf(story: Story): Measurement[] {
  if (story === "empty") return [];
  const make = measurementMaker(25, 1_700);
  const reading = (name: string, value: number | null, state: Measurement["state"]) => {
    const numbers = value === null ? {} : { rowsSeen: 312_480, looksSeen: 181 };
    const one = make({
      signal: "drift",
      target: { kind: "feature", name },
      metric: metric.driftSeverity,
      value,
      state,
      attributes: { [attr.driftReading]: "stream" },
      evidence: { numbers, note: "", bins: null },
    });
    return { ...one, window: { ...one.window, name: "24h" } };
  };
  const isBad = story === "units";
  return [
    reading("origin", 0.31, "ok"),
    reading("distance", isBad ? 41.2 : 0.12, isBad ? "critical" : "ok"),
    reading("carrier", null, "insufficient_data"),
  ];
}

function ensembleOf(model: string): StoredEnsemble {
  const around = (value: number) => ({ value, lower: value - 0.01, upper: value + 0.01 });
  const scores = (loss: number) => ({
    loss: around(loss),
    logLoss: around(3 * loss),
    accuracy: around(0.8),
    mae: null,
  });
  const member = { answered: 1, benefit: around(0.03), weightInUse: 0.5, weightProposed: 0.8 };
  return {
    ...{ model, version: "1", role: "champion", windowName: "24h", windowEnd: "2001-06-30T00:00:00.000Z" },
    ...{ scores: scores(0.15), outcomes: 1_600 },
    members: [
      { name: "<b>trees</b>", ...scores(0.16), ...member },
      { name: "linear", ...scores(0.2), ...member, answered: 0.97, benefit: around(-0.02), weightProposed: 0.2 },
    ],
    disagreement: { share: 0.21, pairs: { "linear | <b>trees</b>": 0.21 } },
    ambiguity: { value: 0.012, likeness: { "linear | <b>trees</b>": 0.71 } },
    proposal: {
      ...around(0.02),
      ...{ isProved: true, outcomes: 41_000, note: "refitted weights are proved better on 41000 outcomes" },
    },
  };
}

const PROGRESS = {
  tenant: "default",
  model: "flight-delay",
  newestTime: "2001-07-01T23:59:00.000Z",
  watermark: "2001-07-01T23:54:00.000Z",
  lagSeconds: 0,
  silence: null,
};

const MISSED = {
  cron: "30 6 * * 1",
  timeZone: "Europe/Berlin",
  lastRun: "2001-06-18T04:35:12.000Z",
  lastPlanned: "2001-06-18T04:30:00.000Z",
  nextRun: "2001-07-09T04:30:00.000Z",
  overdueSeconds: 4_201,
  runs: { on_time: 3, late: 1, skipped: 2 },
};

function weekOf(week: number, story: Story, random: Random): Measurement[] {
  const make = measurementMaker(week, 10_000 + Math.round(3_000 * random()));
  const performance =
    story === "regression" ? regressionScores(week, make, random) : classScores(week, story, make, random);
  const drift = FEATURES.flatMap((name) => driftOf({ kind: "feature", name }, week, story, make, random));
  const prediction = driftOf(
    { kind: "prediction", name: story === "regression" ? "value" : "score" },
    week,
    story,
    make,
    random,
  );
  const outcome = driftOf(
    { kind: "outcome", name: story === "regression" ? "value" : "label" },
    week,
    story,
    make,
    random,
  );
  return [
    ...drift,
    ...prediction,
    ...outcome,
    ...performance,
    ...quality(week, make, random),
    ...service(make, random),
  ];
}

function harmOf(targetKind: Measurement["target"]["kind"] | undefined): Measurement[] {
  return targetKind === "segment" ? segmentHarmMeasurements() : [harmMeasurement()];
}
