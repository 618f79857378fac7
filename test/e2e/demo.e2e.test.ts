import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { runPython } from "./tools/python-tool.ts";
import { type DemoIncident, type DemoJson, DemoRun, type DemoWeek } from "./tools/run-demo.ts";

const FAULT_WEEK = "2001-04-30T00:00:00.000Z";
const FIRST_WEEK_AFTER = "2001-05-07T00:00:00.000Z";
const SCORES = ["accuracy", "f1", "rocAuc", "logLoss", "brier", "lateShare", "coverage"] as const;

const weeksOf = (json: DemoJson, signal: string, target: string): DemoIncident[] =>
  json.incidents.filter((row) => row.window === "7d" && row.signal === signal && row.target === target);

describe("the demo without an incident", () => {
  let run: DemoRun;
  let json: DemoJson;

  before(async () => {
    run = new DemoRun();
    const { exitCode, output } = await run.ended;
    assert.equal(exitCode, 0, output);
    json = run.json();
  });
  after(() => run.remove());

  test("at least 300,000 flights over all 26 weeks are predicted, and every one's outcome is known", () => {
    assert.ok(json.predictions >= 300_000);
    assert.equal(json.outcomes, json.predictions);
    assert.equal(json.weekly.length, 26);
    assert.equal(json.weekly[0]?.start, "2001-01-01T00:00:00.000Z");
    assert.equal(json.weekly.at(-1)?.start, "2001-06-25T00:00:00.000Z");
    assert.equal(
      json.weekly.reduce((sum, { predictions }) => sum + predictions, 0),
      json.predictions,
    );
    assert.ok(json.weekly.every(({ coverage }) => coverage === 1));
  });

  test("natural drift is reported, and distance is never critical in a week", () => {
    const states = new Set(json.incidents.map(({ state }) => state));
    for (const state of states) assert.match(state, /^(warning|critical|no_data)$/);
    assert.ok(json.incidents.length > 0);
    assert.deepEqual(
      weeksOf(json, "drift", "distance").filter(({ state }) => state === "critical"),
      [],
    );
  });

  test("weekly scores equal scikit-learn's on the exported predictions to 1e-9", () => {
    const expected = JSON.parse(
      runPython("scikit-learn", "weekly_scores.py", [run.file("predictions.parquet")]),
    ) as DemoWeek[];
    assert.equal(expected.length, json.weekly.length);
    expected.forEach((week, index) => {
      const found = json.weekly[index]!;
      assert.equal(found.start, week.start);
      assert.equal(found.predictions, week.predictions);
      for (const score of SCORES) {
        const difference = Math.abs(found[score] - week[score]);
        assert.ok(difference < 1e-9, `${week.start} ${score}: ${found[score]} instead of ${week[score]}`);
      }
    });
  });

  test("critical days are explained from the records: in the report, with a sentence and its numbers", () => {
    const page = readFileSync(run.file("report.html"), "utf8");
    const why = page.slice(page.indexOf("Why it changed"));
    assert.match(why, /Shift of the inputs: inbound_delay\.<\/strong> \d/i);
    assert.match(why, /The mean Brier loss (rose|fell) from 0\.\d+ to 0\.\d+: /);
  });

  test("the report, the profile and the figures are where the last lines say", () => {
    const { output } = run;
    assert.match(output, /predictions\/s/);
    const report = /Report: +(\S+)/.exec(output)?.[1];
    assert.equal(report, run.file("report.html"));
    assert.match(readFileSync(report, "utf8"), /^<!doctype html>/i);
    assert.match(json.profileId, /^sha256:[0-9a-f]{64}$/);
    const rate = json.predictions / json.seconds;
    assert.ok(Math.abs(json.predictionsPerSecond - rate) < 1e-6 * rate);
  });
});

describe("the demo with --incident miles-to-km", () => {
  let run: DemoRun;
  let json: DemoJson;

  before(async () => {
    run = new DemoRun("--incident", "miles-to-km");
    const { exitCode, output } = await run.ended;
    assert.equal(exitCode, 0, output);
    json = run.json();
  });
  after(() => run.remove());

  test("distance is critical in the first week wholly after 1 May, and named as the first cause", () => {
    const row = weeksOf(json, "drift", "distance").find(({ windowStart }) => windowStart === FIRST_WEEK_AFTER);
    assert.equal(row?.state, "critical");
    assert.deepEqual(row?.firstCause, { kind: "unit_change", target: "distance" });
    assert.equal(row?.windowEnd, "2001-05-14T00:00:00.000Z");
  });

  test("the report explains the first critical day by the rows: miles became kilometres", () => {
    const page = readFileSync(run.file("report.html"), "utf8");
    const why = page.slice(page.indexOf("Why it changed"));
    assert.match(why, /Change of unit: distance\.<\/strong> distance looks like its usual values times 1\.6/i);
  });

  test("nothing is said of distance before the fault", () => {
    const early = weeksOf(json, "drift", "distance").filter(({ windowStart }) => windowStart < FAULT_WEEK);
    assert.deepEqual(
      early.filter(({ state }) => state === "critical"),
      [],
    );
  });
});

describe("the demo with --incident nulls and --keep", () => {
  let run: DemoRun;
  let json: DemoJson;

  before(async () => {
    run = new DemoRun("--incident", "nulls", "--keep");
    await outputOf(run, /The report is served at/);
    json = run.json();
  });
  after(() => run.remove());

  test("missing inbound delays are critical from the first week on, and named as the first cause", () => {
    const rows = weeksOf(json, "data_quality", "inbound_delay");
    const row = rows.find(({ windowStart }) => windowStart === FIRST_WEEK_AFTER);
    assert.equal(row?.state, "critical");
    assert.deepEqual(row?.firstCause, { kind: "nulls", target: "inbound_delay" });
    assert.deepEqual(
      rows.filter(({ windowStart }) => windowStart < FAULT_WEEK),
      [],
    );
  });

  test("the report is at / while the processor is kept, and Ctrl-C ends it all", async () => {
    const url = /served at (\S+)/.exec(run.output)?.[1];
    const response = await fetch(url!);
    assert.equal(response.status, 200);
    assert.match(await response.text(), /^<!doctype html>/i);
    run.child.kill("SIGINT");
    assert.equal((await run.ended).exitCode, 0);
    await assert.rejects(fetch(url!));
  });
});

test("Ctrl-C in the middle stops every process, with exit code 130", async () => {
  const run = new DemoRun();
  await outputOf(run, /\d+ predictions \(/);
  const children = childrenOf(run.child.pid!);
  assert.equal(children.length, 3);
  run.child.kill("SIGINT");
  assert.equal((await run.ended).exitCode, 130, run.output);
  for (const pid of children) assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
  await run.remove();
});

function childrenOf(pid: number): number[] {
  const output = execFileSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" });
  return output.trim().split(/\s+/).map(Number);
}

/** Resolves when the demo has printed a line like this; rejects when it ends without. */
async function outputOf(run: DemoRun, pattern: RegExp): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const look = () => {
      if (pattern.test(run.output)) resolve();
    };
    run.child.stdout!.on("data", look);
    run.ended.then(({ exitCode, output }) => reject(new Error(`the demo ended (${exitCode}):\n${output}`)));
  });
}
