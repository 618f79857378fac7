import assert from "node:assert/strict";
import { test } from "node:test";
import { modelConfigSchema } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import {
  ENSEMBLE_ITSELF,
  type EnsembleRow,
  EnsembleSummer,
  type EnsembleTask,
  type EnsembleWindow,
  ensembleFindings,
  type Finding,
  reweighEnsemble,
} from "../../src/index.ts";
import { createRandom, drawNormal } from "../support/random.ts";

const DAY_MS = 86_400_000;
const SPAN = { startMs: 0, endMs: DAY_MS };
const CONFIG = modelConfigSchema.parse({
  name: "m",
  profile: "p.json",
  comparison: { minimumDuration: "0s", minimumPairs: 100 },
});

const isProbability = (number: number) => number >= 0 && number <= 1;
const PROBABILITY: EnsembleTask = {
  kind: "probability",
  largestError: 1,
  numberOf: ({ score }) => score ?? Number.NaN,
  isUsable: isProbability,
  truthOf: ({ outcomeLabel }) => (outcomeLabel === null ? Number.NaN : Number(outcomeLabel === "yes")),
  classOf: ({ outcomeLabel }) => outcomeLabel,
};
const QUANTITY: EnsembleTask = {
  kind: "quantity",
  largestError: 100,
  numberOf: ({ value }) => value ?? Number.NaN,
  isUsable: Number.isFinite,
  truthOf: ({ outcomeValue }) => outcomeValue ?? Number.NaN,
  classOf: () => null,
};
const CLASS: EnsembleTask = { ...PROBABILITY, kind: "class", numberOf: () => Number.NaN, isUsable: () => false };

function random(seed: number) {
  const uniform = createRandom(seed);
  return { uniform, normal: () => drawNormal(uniform) };
}

interface Simulation {
  readonly weights: readonly number[];
  /** Standard deviation of each member's own noise, on the scale of log odds. */
  readonly noise: readonly number[];
  readonly rows: number;
  readonly startMs?: number;
  readonly combine?: (numbers: readonly number[]) => number;
}

/** Members that see the truth's log odds through noise of their own. */
function simulate({ uniform, normal }: ReturnType<typeof random>, given: Simulation): EnsembleRow[] {
  const { weights, noise, rows, startMs = 0 } = given;
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, each, index) => sum + weights[index]! * each, 0);
  const combine = given.combine ?? mean;
  return Array.from({ length: rows }, (_, index) => {
    const odds = 1.5 * normal();
    const numbers = noise.map((sd) => 1 / (1 + Math.exp(-odds - sd * normal())));
    const label = uniform() < 1 / (1 + Math.exp(-odds)) ? "yes" : "no";
    return {
      timeMs: startMs + (index / rows) * DAY_MS,
      answer: { score: combine(numbers), label: null, value: null },
      numbers,
      texts: numbers.map(() => ""),
      outcome: { outcomeKind: "class", outcomeLabel: label, outcomeValue: null, position: null },
    };
  });
}

function summed(task: EnsembleTask, members: readonly string[], rows: readonly EnsembleRow[], span = SPAN) {
  const summer = new EnsembleSummer(task, members, { ...span, predictions: rows.length });
  for (const row of rows) summer.add(row);
  return summer.sums;
}

function findingsOf(task: EnsembleTask, members: readonly string[], rows: readonly EnsembleRow[]): Finding[] {
  const sums = summed(task, members, rows);
  const [reweighed] = reweighEnsemble([{ ...SPAN, sums }], task.largestError, CONFIG, DAY_MS).reweighed;
  return ensembleFindings(sums, reweighed!);
}

const find = (findings: readonly Finding[], name: string, target: string, kind?: string) =>
  findings.find(
    (finding) =>
      finding.metric === name &&
      finding.target.name === target &&
      (kind === undefined || finding.attributes["ml.ensemble.weight.kind"] === kind),
  )!;
const near = (found: number | null, want: number, tolerance = 1e-12) =>
  assert.ok(found !== null && Math.abs(found - want) <= tolerance, `${found} for ${want}`);

test("scores, weights in use and what leaving a member out would do are those of the rows", () => {
  const rows = simulate(random(1), { weights: [0.4, 0.2, 0.4], noise: [0.3, 1, 3], rows: 4_000 });
  const findings = findingsOf(PROBABILITY, ["a", "b", "c"], rows);
  const brier = (answerOf: (row: EnsembleRow) => number) =>
    rows.reduce((sum, row) => sum + (answerOf(row) - Number(row.outcome!.outcomeLabel === "yes")) ** 2, 0) /
    rows.length;
  near(
    find(findings, metric.ensembleMemberLoss, ENSEMBLE_ITSELF).value,
    brier(({ answer }) => answer.score!),
  );
  near(
    find(findings, metric.ensembleMemberLoss, "b").value,
    brier(({ numbers }) => numbers[1]!),
  );
  const logLoss = rows.reduce(
    (sum, { numbers, outcome }) => sum - Math.log(outcome!.outcomeLabel === "yes" ? numbers[2]! : 1 - numbers[2]!),
    0,
  );
  near(find(findings, metric.ensembleMemberLogLoss, "c").value, logLoss / rows.length, 1e-9);
  const right = rows.filter(({ numbers, outcome }) => numbers[0]! >= 0.5 === (outcome!.outcomeLabel === "yes"));
  near(find(findings, metric.ensembleMemberAccuracy, "a").value, right.length / rows.length);
  for (const [index, weight] of [0.4, 0.2, 0.4].entries()) {
    near(find(findings, metric.ensembleMemberWeight, ["a", "b", "c"][index]!, "in_use").value, weight, 1e-6);
  }
  const withoutA = brier(({ numbers }) => (0.2 * numbers[1]! + 0.4 * numbers[2]!) / 0.6);
  const benefit = find(findings, metric.ensembleMemberBenefit, "a");
  near(benefit.value, withoutA - brier(({ answer }) => answer.score!), 1e-6);
  assert.ok(benefit.lower! > 0, "the best member is proved to help");
  assert.ok(find(findings, metric.ensembleMemberBenefit, "c").upper! < 0, "the noisy one is proved to harm");
  // Krogh and Vedelsby's decomposition: the ensemble's error is the members' weighted error less the ambiguity.
  const members = [0.4, 0.2, 0.4].reduce(
    (sum, weight, index) => sum + weight * find(findings, metric.ensembleMemberLoss, ["a", "b", "c"][index]!).value!,
    0,
  );
  const ambiguity = find(findings, metric.ensembleAmbiguity, "members");
  near(ambiguity.value, members - find(findings, metric.ensembleMemberLoss, ENSEMBLE_ITSELF).value!, 1e-6);
  const differ = rows.filter(({ numbers }) => new Set(numbers.map((each) => each >= 0.5)).size > 1);
  const disagreement = find(findings, metric.ensembleDisagreement, "members");
  near(disagreement.value, differ.length / rows.length);
  assert.deepEqual(Object.keys(disagreement.evidence.numbers), ["a | b", "a | c", "b | c"]);
});

test("a vote, weights that do not sum to one and a stacked model are told as no weighted mean; everything else stays", () => {
  const combines = [
    (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[1]!,
    (numbers: readonly number[]) => 0.8 * (numbers[0]! + numbers[1]! + numbers[2]!) * 0.3,
    (numbers: readonly number[]) => 1 / (1 + Math.exp(-4 * (numbers[0]! + numbers[1]! - 1))),
  ];
  for (const combine of combines) {
    const rows = simulate(random(2), { weights: [1, 0, 0], noise: [1, 1, 1], rows: 500, combine });
    const findings = findingsOf(PROBABILITY, ["a", "b", "c"], rows);
    const weight = find(findings, metric.ensembleMemberWeight, "a", "in_use");
    assert.equal(weight.value, null);
    assert.match(weight.evidence.note, /no weighted mean.*do not sum to one/);
    assert.equal(find(findings, metric.ensembleMemberBenefit, "a"), undefined);
    assert.ok(find(findings, metric.ensembleMemberLoss, "a").value! > 0);
  }
});

test("rows without a usable answer of every member are left out and counted, whatever is wrong with it", () => {
  const [good] = simulate(random(3), { weights: [0.5, 0.5], noise: [1, 1], rows: 1 });
  const rows = [
    good!,
    { ...good!, numbers: [0.2, Number.NaN] },
    { ...good!, numbers: [0.2, 1.2] },
    { ...good!, numbers: [Number.POSITIVE_INFINITY, 0.5] },
    { ...good!, answer: { score: null, label: null, value: null } },
    { ...good!, outcome: null },
  ];
  const sums = summed(PROBABILITY, ["a", "b"], rows);
  assert.deepEqual([sums.predictions, sums.complete, ...sums.answered], [6, 2, 5, 4]);
  assert.equal(
    sums.parts.reduce((sum, part) => sum + part.rows, 0),
    1,
  );
});

test("quantities beyond the largest error are left out and counted; classes have accuracy and disagreement alone", () => {
  const outcome = { outcomeKind: "value" as const, outcomeLabel: null, outcomeValue: 10, position: null };
  const row = (numbers: readonly number[]): EnsembleRow => ({
    timeMs: 0,
    answer: { score: null, label: null, value: (numbers[0]! + numbers[1]!) / 2 },
    numbers,
    texts: ["", ""],
    outcome,
  });
  const quantities = findingsOf(QUANTITY, ["a", "b"], [row([12, 9]), row([500, 10])]);
  const mae = find(quantities, metric.ensembleMemberMae, "a");
  assert.deepEqual([mae.value, mae.count, mae.evidence.numbers["outlying"]], [2, 1, 1]);
  assert.equal(find(quantities, metric.ensembleMemberAccuracy, "a"), undefined);

  const known = { outcomeKind: "class" as const, outcomeLabel: "x", outcomeValue: null, position: null };
  const voted = (texts: readonly string[], label: string): EnsembleRow => ({
    timeMs: 0,
    answer: { score: null, label, value: null },
    numbers: texts.map(() => Number.NaN),
    texts,
    outcome: known,
  });
  const classes = findingsOf(
    CLASS,
    ["a", "b", "c"],
    [voted(["x", "x", "y"], "x"), voted(["y", "x", "y"], "y"), voted(["x", "", "x"], "x")],
  );
  assert.deepEqual(
    [ENSEMBLE_ITSELF, "a", "b", "c"].map((name) => find(classes, metric.ensembleMemberAccuracy, name).value),
    [0.5, 0.5, 1, 0],
  );
  assert.equal(find(classes, metric.ensembleDisagreement, "members").value, 1);
  assert.equal(find(classes, metric.ensembleMemberAnswered, "b").value, 2 / 3);
  assert.equal(find(classes, metric.ensembleProposalGain, "weights"), undefined);
});

function days(seed: number, count: number, simulation: Omit<Simulation, "startMs">): EnsembleWindow[] {
  const source = random(seed);
  const members = simulation.noise.map((_, index) => `m${index}`);
  return Array.from({ length: count }, (_, day) => {
    const span = { startMs: day * DAY_MS, endMs: (day + 1) * DAY_MS };
    return {
      ...span,
      sums: summed(PROBABILITY, members, simulate(source, { ...simulation, startMs: span.startMs }), span),
    };
  });
}

test("weights that are better are proposed once, with the gain that they have on outcomes they have not seen", () => {
  const simulation = { weights: [0.2, 0.2, 0.6], noise: [0.5, 0.5, 3], rows: 2_000 };
  const states = reweighEnsemble(days(4, 30, simulation), 1, CONFIG, 30 * DAY_MS).reweighed;
  const last = states.at(-1)!;
  assert.equal(last.comparison!.verdict, "challenger_better");
  assert.equal(states.filter(({ isNew }) => isNew).length, 1);
  assert.ok(last.weights![2]! < 0.1 && Math.abs(last.weights![0]! - last.weights![1]!) < 0.1, `${last.weights}`);
  // The same weights on days that took no part in anything.
  const fresh = days(5, 20, simulation).flatMap(({ sums }) => sums.parts);
  let gain = 0;
  let rows = 0;
  for (const { errors, rows: own } of fresh) {
    // Upper triangle of 4: (0,0) at 0; members (1,1), (1,2), (1,3) from 4 on.
    const [w1, w2, w3] = last.weights as [number, number, number];
    const at = (i: number) => errors[i]!;
    const loss =
      w1 * w1 * at(4) + w2 * w2 * at(7) + w3 * w3 * at(9) + 2 * (w1 * w2 * at(5) + w1 * w3 * at(6) + w2 * w3 * at(8));
    gain += at(0) - loss;
    rows += own;
  }
  const { lower, upper, difference } = last.comparison!;
  assert.ok(-upper < gain / rows && gain / rows < -lower, `${gain / rows} within ${-upper} to ${-lower}`);
  assert.ok(Math.abs(-difference - gain / rows) < 0.004, `${-difference} for ${gain / rows}`);
});

test("weights that are right already are left alone: at most 5 in 100 streams bring a proposal, and none flatters itself", () => {
  let proposals = 0;
  let gains = 0;
  const streams = 100;
  for (let seed = 0; seed < streams; seed++) {
    const states = reweighEnsemble(
      days(100 + seed, 12, { weights: [1 / 3, 1 / 3, 1 / 3], noise: [1, 1, 1], rows: 400 }),
      1,
      CONFIG,
      12 * DAY_MS,
    ).reweighed;
    if (states.some(({ isNew }) => isNew)) proposals++;
    gains -= states.at(-1)!.comparison!.difference;
  }
  assert.ok(proposals <= 5, `${proposals} proposals`);
  assert.ok(gains / streams <= 0, `mean gain ${gains / streams} of weights that have nothing to gain`);
});

test("a window waits for its outcomes, another set of members begins anew, and the order of nothing else matters", () => {
  const windows = days(6, 8, { weights: [0.5, 0.5], noise: [0.5, 3], rows: 500 });
  const unlabelled = {
    ...windows[4]!,
    sums: { ...windows[4]!.sums, parts: windows[4]!.sums.parts.map((part) => ({ ...part, rows: 0 })) },
  };
  const waiting = reweighEnsemble(
    [...windows.slice(0, 4), unlabelled, ...windows.slice(5)],
    1,
    CONFIG,
    8 * DAY_MS,
  ).reweighed;
  assert.deepEqual(
    waiting.map(({ isMature }) => isMature),
    [true, true, true, true, false, false, false, false],
  );
  assert.equal(waiting[7]!.fittedRows, 2_000);
  const renamed = windows.slice(4).map((window) => ({ ...window, sums: { ...window.sums, members: ["m0", "other"] } }));
  const anew = reweighEnsemble([...windows.slice(0, 4), ...renamed], 1, CONFIG, 8 * DAY_MS).reweighed;
  assert.equal(anew[4]!.fittedRows, 500);
  assert.equal(anew[4]!.sinceMs, 4 * DAY_MS);
  assert.deepEqual(reweighEnsemble(windows, 1, CONFIG, 8 * DAY_MS), reweighEnsemble(windows, 1, CONFIG, 8 * DAY_MS));
});

test("from any mark on, a proposal is the same to the bit as from the beginning", () => {
  const windows = days(9, 100, { weights: [0.5, 0.5], noise: [0.5, 3], rows: 100 });
  const { reweighed, marks } = reweighEnsemble(windows, 1, CONFIG, 100 * DAY_MS);
  assert.equal(marks.length, 3);
  for (const mark of [...marks, marks[0]!]) {
    const rest = windows.filter(({ startMs }) => startMs >= mark.beforeMs);
    const goneOn = reweighEnsemble(rest, 1, CONFIG, 100 * DAY_MS, mark);
    assert.deepEqual(goneOn.reweighed, reweighed.slice(-rest.length));
  }
});
