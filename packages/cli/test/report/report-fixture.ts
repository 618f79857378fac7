import type { BinShares, Evidence, Incident, Measurement, Profile, ProfileField, Target } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import type { ReportApi, ReportModelEntry } from "../../src/report/report-data.ts";

const WEEK_MS = 7 * 86_400_000;
const FIRST_MONDAY = Date.UTC(2001, 0, 1);
const WEEKS = 26;
/** The week that begins on 30 April is the first that holds kilometres; the week after is wholly of them. */
const FAULT_WEEK = 17;
const PROFILE_ID = `sha256:${"a1".repeat(32)}`;
const CONFIG_ID = `sha256:${"c0".repeat(32)}`;

const FEATURES = ["hour", "weekday", "distance", "origin", "destination", "inbound_delay"] as const;

export interface FixtureOptions {
  readonly seed: number;
  /** `units`: distance in kilometres from May on. `regression`: another task. `empty`: nothing judged yet. */
  readonly story: "units" | "quiet" | "regression" | "empty";
}

/** A read API over half a year of made-up but plausible flights, the same for the same seed. */
export function fixtureApi(options: FixtureOptions): ReportApi {
  const random = mulberry32(options.seed);
  const measurements = options.story === "empty" ? [] : weeks().flatMap((week) => weekOf(week, options.story, random));
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
    measurements: async ({ windowName }) =>
      measurements.filter(({ window }) => windowName === undefined || window.name === windowName),
    incidents: async () => incidents,
    profile: async (id) => (id === PROFILE_ID ? profileOf(options.story) : null),
  };
}

function weeks(): number[] {
  return Array.from({ length: WEEKS }, (_, week) => week);
}

type Random = () => number;
type Story = FixtureOptions["story"];

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

type Make = (parts: Partial<Measurement> & Pick<Measurement, "signal" | "target" | "metric" | "value">) => Measurement;

function measurementMaker(week: number, count: number): Make {
  const start = FIRST_MONDAY + week * WEEK_MS;
  return (parts) => ({
    tenant: "default",
    model: "flight-delay",
    version: "1",
    role: "champion",
    attributes: {},
    lower: null,
    upper: null,
    state: null,
    threshold: null,
    evidence: evidence({}),
    window: { name: "7d", start: new Date(start).toISOString(), end: new Date(start + WEEK_MS).toISOString() },
    count,
    effective: count,
    profileId: PROFILE_ID,
    configId: CONFIG_ID,
    revision: 0,
    ...parts,
  });
}

function evidence(numbers: Record<string, number>, note = "", bins: BinShares | null = null): Evidence {
  return { numbers, note, bins };
}

function driftOf(target: Target, week: number, story: Story, make: Make, random: Random): Measurement[] {
  const severity = severityOf(target.name, week, story, random);
  const state = severity >= 1 ? "critical" : severity > 0.75 ? "warning" : "ok";
  const psi = 0.004 + 0.03 * severity ** 1.2;
  const logEvidence = severity * Math.log(1000);
  const numbers = { logEvidence, pValue: Math.exp(-logEvidence), psi, psiLower: psi * 0.7, psiUpper: psi * 1.4 };
  const bins = binsOf(target.name, severity, story === "units" && week >= FAULT_WEEK, random);
  const base = { signal: "drift", target } as const;
  return [
    make({
      ...base,
      metric: metric.driftSeverity,
      value: severity,
      state,
      threshold: 1,
      evidence: evidence(numbers, "", bins),
    }),
    make({ ...base, metric: metric.driftPsi, value: psi }),
    make({ ...base, metric: metric.driftJsDistance, value: Math.sqrt(psi) / 3 }),
    make({ ...base, metric: metric.driftKsStatistic, value: psi * 0.9, lower: psi * 0.85, upper: psi * 0.95 }),
  ];
}

function severityOf(name: string, week: number, story: Story, random: Random): number {
  const noise = 0.3 * random() ** 2;
  if (name === "distance" && story === "units" && week >= FAULT_WEEK)
    return week === FAULT_WEEK ? 24 : 61 + 6 * random();
  if (story === "quiet") return noise;
  const season = 0.5 + 0.5 * Math.sin((week - 6) / 3.4);
  if (name === "inbound_delay") return noise + 1.7 * season ** 2;
  if (name === "score" || name === "value")
    return noise + 1.1 * season ** 2 + (story === "units" && week > FAULT_WEEK ? 2.2 : 0);
  if (name === "label") return noise + 1.3 * season ** 3;
  if (name === "origin") return noise + (week > 13 ? 0.6 : 0.1);
  return noise;
}

function binsOf(name: string, severity: number, kilometres: boolean, random: Random): BinShares {
  if (name === "weekday" || name === "label") {
    const labels =
      name === "weekday" ? ["fri", "thu", "wed", "mon", "tue", "sun", "sat", "other"] : ["on_time", "late", "other"];
    return shares(
      labels,
      (bin) => (bin === labels.length - 1 ? 0 : 1 / (labels.length - 1)),
      () => 1 + 0.05 * severity * (random() - 0.5),
    );
  }
  if (name === "origin" || name === "destination") {
    const labels = [
      "ATL",
      "ORD",
      "DFW",
      "LAX",
      "PHX",
      "STL",
      "DTW",
      "MSP",
      "LAS",
      "DEN",
      "CLT",
      "IAH",
      "SFO",
      "PHL",
      "EWR",
      "LGA",
      "BOS",
      "SEA",
      "PIT",
      "other",
    ];
    return shares(
      labels,
      (bin) => (bin === 19 ? 0.42 : 0.055 - bin * 0.0014),
      (bin) => 1 + 0.2 * severity * (bin % 5 === 0 ? 1 : random() - 0.5),
    );
  }
  const edges = Array.from({ length: 19 }, (_, edge) => edgeOf(name, edge));
  const labels = [...edges.map((edge) => `≤ ${edge}`), `> ${edges[18]}`];
  const moved = name === "distance" && kilometres ? 1.61 : 1;
  if (moved === 1)
    return shares(
      labels,
      () => 0.05,
      (bin) => 1 + 0.05 * severity * ((bin - 9.5) / 9.5) + 0.1 * (random() - 0.5),
    );
  const quantile = (value: number) => edges.filter((edge) => edge < value).length / 20;
  return shares(
    labels,
    () => 0.05,
    (bin) => Math.max(0.001, 20 * (quantile((edges[bin] ?? 4_000) / moved) - quantile((edges[bin - 1] ?? 0) / moved))),
  );
}

function edgeOf(name: string, edge: number): number {
  if (name === "hour") return edge + 4;
  if (name === "distance") return Math.round(120 * 1.17 ** edge);
  if (name === "inbound_delay") return Math.round(-12 + edge ** 2 / 3);
  return Number((0.02 + edge * 0.045).toFixed(3));
}

function shares(labels: string[], reference: (bin: number) => number, factor: (bin: number) => number): BinShares {
  const before = labels.map((_, bin) => reference(bin));
  const after = before.map((share, bin) => share * Math.max(0, factor(bin)));
  const [sumBefore, sumAfter] = [total(before), total(after)];
  return {
    labels,
    window: after.map((share) => share / sumAfter),
    reference: before.map((share) => share / sumBefore),
  };
}

const CLASS_SCORES = [
  { metric: metric.performanceAccuracy, name: "accuracy", reference: 0.826, fall: -0.04, spread: 0.007 },
  { metric: metric.performanceF1, name: "f1_score", reference: 0.571, fall: -0.12, spread: 0.016 },
  { metric: metric.performanceRocAuc, name: "roc_auc", reference: 0.842, fall: -0.05, spread: 0.009 },
  { metric: metric.performanceLogLoss, name: "log_loss", reference: 0.412, fall: 0.07, spread: 0.012 },
  { metric: metric.performanceBrier, name: "brier_score", reference: 0.131, fall: 0.022, spread: 0.004 },
] as const;

function classScores(week: number, story: Story, make: Make, random: Random): Measurement[] {
  const wrong = story === "units" && week > FAULT_WEEK ? 1 : 0.25 * Math.max(0, Math.sin(week / 4));
  const waits = week === WEEKS - 1;
  const scores = CLASS_SCORES.map(({ metric: name, name: target, reference, fall, spread }) => {
    const value = reference + fall * wrong + spread * (random() - 0.5);
    const [warningLine, criticalLine] =
      fall < 0 ? [1 - (1 - reference) * 1.1, 1 - (1 - reference) * 1.25] : [reference * 1.1, reference * 1.25];
    const beyond = (line: number, at: number) => (fall < 0 ? at < line : at > line);
    const near = fall < 0 ? value + spread : value - spread;
    const state = waits
      ? "insufficient_data"
      : beyond(criticalLine, near)
        ? "critical"
        : beyond(warningLine, value)
          ? "warning"
          : "ok";
    return make({
      signal: "performance",
      target: { kind: "prediction", name: target },
      metric: name,
      attributes: { "ml.estimate.source": "realized" },
      value,
      lower: value - spread,
      upper: value + spread,
      state,
      threshold: criticalLine,
      evidence: evidence({ reference, warningLine, criticalLine, coverage: waits ? 0.4 : 0.99 }),
    });
  });
  const rate = 0.2 + 0.09 * Math.sin((week - 6) / 3.4) + 0.01 * random();
  const described: readonly [string, string, number][] = [
    [metric.performanceOutcomeRate, "outcome_rate", rate],
    [metric.outcomeCoverage, "coverage", waits ? 0.4 : 0.985 + 0.014 * random()],
    [metric.outcomeDelay, "delay", 9_000 + 900 * random()],
  ];
  return [
    ...scores,
    ...described.map(([name, target, value]) =>
      make({ signal: "performance", target: { kind: "outcome", name: target }, metric: name, value }),
    ),
  ];
}

function regressionScores(week: number, make: Make, random: Random): Measurement[] {
  return [
    { name: "mae", metric: metric.performanceMae, reference: 41 },
    { name: "rmse", metric: metric.performanceRmse, reference: 66 },
  ].map(({ name, metric: metricName, reference }) => {
    const value = reference * (1 + 0.012 * week + 0.03 * random());
    const state = value > reference * 1.25 ? "critical" : value > reference * 1.1 ? "warning" : "ok";
    const lines = { reference, warningLine: reference * 1.1, criticalLine: reference * 1.25 };
    const target = { kind: "prediction", name } as const;
    return make({
      signal: "performance",
      target,
      metric: metricName,
      value,
      lower: value * 0.97,
      upper: value * 1.03,
      state,
      evidence: evidence(lines),
    });
  });
}

function quality(week: number, make: Make, random: Random): Measurement[] {
  const rules = FEATURES.map((name) => {
    const referenceShare = name === "inbound_delay" ? 0.031 : 0;
    const value = name === "inbound_delay" ? referenceShare + 0.01 * random() + (week === 9 ? 0.06 : 0) : 0;
    return make({
      signal: "data_quality",
      target: { kind: "feature", name },
      metric: metric.dataQualityShare,
      attributes: { "ml.data_quality.rule": "missing" },
      value,
      lower: value * 0.95,
      upper: value * 1.05,
      state: week === 9 && value > 0 ? "warning" : "ok",
      threshold: referenceShare + 0.01,
      evidence: evidence({ violations: Math.round(value * 12_000), referenceShare }),
    });
  });
  const predictions = 11_800 + Math.round(900 * random());
  const volume = {
    signal: "data_quality",
    target: { kind: "dataset", name: "volume" },
    metric: metric.windowSampleCount,
  } as const;
  return [...rules, make({ ...volume, value: predictions, state: week < 2 ? "insufficient_data" : "ok" })];
}

function service(make: Make, random: Random): Measurement[] {
  const described = (name: string, target: string, value: number, attributes: Record<string, string> = {}) =>
    make({ signal: "service", target: { kind: "service", name: target }, metric: name, value, attributes });
  const latency = 0.011 + 0.004 * random();
  return [
    described(metric.serviceLatency, "latency", latency * 0.4, { "ml.quantile": "0.5" }),
    described(metric.serviceLatency, "latency", latency, { "ml.quantile": "0.95" }),
    described(metric.serviceLatency, "latency", latency * 1.8, { "ml.quantile": "0.99" }),
    described(metric.serviceThroughput, "throughput", 0.019 + 0.002 * random()),
    make({
      signal: "service",
      target: { kind: "service", name: "error_ratio" },
      metric: metric.serviceErrorRatio,
      value: 0.0006 * random(),
      lower: 0,
      upper: 0.001,
      state: "ok",
      threshold: 0.05,
    }),
    described(metric.serviceMemory, "memory", 171_000_000 + 4_000_000 * random()),
  ];
}

function incidentsOf(measurements: readonly Measurement[], story: Story): Incident[] {
  const groups = Map.groupBy(
    measurements.filter(({ state }) => state !== null && state !== "insufficient_data"),
    ({ signal, target }) => `${signal} ${target.kind} ${target.name}`,
  );
  return [...groups.values()].flatMap((group) => {
    const bad = group.filter(({ state }) => state !== "ok");
    if (bad.length === 0) return [];
    const { signal, target, tenant, model, version, role } = bad[0]!;
    const fault =
      story === "units" &&
      ["distance", "score", "accuracy", "f1_score", "roc_auc", "log_loss", "brier_score"].includes(target.name);
    const windows = fault
      ? bad.filter(({ window }) => Date.parse(window.start) >= FIRST_MONDAY + FAULT_WEEK * WEEK_MS)
      : bad;
    if (windows.length === 0) return [];
    return [
      {
        id: `${signal}-${target.name}`,
        tenant,
        model,
        version,
        role,
        signal,
        target,
        windowName: "7d",
        state: windows.some(({ state }) => state === "critical") ? ("critical" as const) : ("warning" as const),
        open: group.at(-1)!.state !== "ok",
        firstCause: fault
          ? {
              kind: "unit_change" as const,
              target: "distance",
              explanation:
                "distance looks like the reference multiplied by 1.609: the Kolmogorov-Smirnov distance is 0.286, and 0.011 against the reference in that unit.",
            }
          : {
              kind: "covariate_shift" as const,
              target: "inbound_delay",
              explanation: "inbound_delay moved by 0.31 standard deviations, and the predictions with it.",
            },
        windows,
      },
    ];
  });
}

function profileOf(story: Story): Profile {
  const none = { rows: [1, 1] as [number, number], slots: null };
  const states = { valid: 40_000, missing: 0, type_mismatch: 0, out_of_range: 0, unseen_category: 0, non_finite: 0 };
  const common = {
    target: "feature" as const,
    states,
    varianceInflation: none,
    missing: { varianceInflation: none, slots: null },
  };
  const fields = FEATURES.map(
    (name): ProfileField =>
      name === "weekday" || name === "origin" || name === "destination"
        ? {
            ...common,
            name,
            kind: "categorical",
            categories: ["a", "b"],
            counts: [20_000, 20_000, 0],
            otherCategories: [],
            slots: null,
          }
        : {
            ...common,
            name,
            kind: "numeric",
            boundaries: [0, 1],
            counts: [1, 2, 3],
            detectorEdges: [0, 1],
            min: 0,
            max: 2,
            mean: 1,
            standardDeviation: 1,
            range: { min: null, max: null },
            slots: null,
          },
  );
  return {
    format: "tidemark.profile/1",
    id: PROFILE_ID,
    model: {
      name: story === "regression" ? "fare" : "flight-delay",
      version: "1",
      type: story === "regression" ? "regression" : "classification",
    },
    source: { rows: 403_122, start: "2001-01-01T00:00:00.000Z", end: "2001-01-29T00:00:00.000Z" },
    season: { slotOfHour: Array.from({ length: 168 }, (_, hour) => hour), slotCount: 168 },
    positiveLabel: story === "regression" ? null : "late",
    fields,
    performance: {},
  };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Seeded uniform numbers in [0, 1): Tommy Ettinger's mulberry32. */
function mulberry32(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
