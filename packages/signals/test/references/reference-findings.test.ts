import assert from "node:assert/strict";
import { test } from "node:test";
import type { Profile } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import {
  type DriftReference,
  driftReferences,
  type Finding,
  type KeptWindow,
  referenceFindings,
  referenceLags,
  windowCounts,
} from "@tidemark/signals";
import { aggregateOf, contextOf, drawRows, profileOf, type Row } from "../support/synthetic.ts";

const DAY_MS = 86_400_000;
const training = drawRows(1, 20_000);

/** Rows of one day of the week, Monday being 0. */
function dayRows(seed: number, rows: number, hours = 24): Row[] {
  return drawRows(seed, rows, hours);
}

function kept(profile: Profile, rows: readonly Row[]): KeptWindow[] {
  return windowCounts(aggregateOf(rows, profile), contextOf(profile));
}

function severityOf(findings: readonly Finding[], name: string): Finding {
  const found = findings.find(({ metric: own, target }) => own === metric.driftSeverity && target.name === name);
  assert.ok(found, `no severity of ${name}`);
  return found;
}

function hold(
  profile: Profile,
  window: readonly Row[],
  before: readonly (readonly Row[])[],
  reference: DriftReference,
) {
  const counts = { window: kept(profile, window), before: before.map((rows) => kept(profile, rows)) };
  return referenceFindings({ reference, windowMs: DAY_MS, ...counts }, contextOf(profile));
}

const longer = (row: Row): Row => ({ ...row, distance: row.distance === null ? null : row.distance * 1.5 });

test("a window is held against those before it, not against training", () => {
  const profile = profileOf(training);
  const moved = [2, 3].map((seed) => dayRows(seed, 2_000, 168).map(longer));
  const [window, before] = [moved[0]!, [moved[1]!]];
  assert.equal(severityOf(hold(profile, window, before, "previous"), "distance").state, "ok");
  const back = severityOf(hold(profile, dayRows(4, 2_000, 168), before, "previous"), "distance");
  assert.equal(back.state, "critical");
  assert.deepEqual(back.attributes, { [attr.driftReading]: "window", [attr.driftReference]: "previous" });
  assert.match(back.evidence.note, /against the window before: 1 window with 2000 values/);
});

test("stable windows raise at most one warning in a thousand verdicts and nothing critical, whatever the reference's size", () => {
  const profile = profileOf(training);
  const states = { ok: 0, warning: 0, critical: 0 };
  const days = Array.from({ length: 48 }, (_, seed) =>
    kept(profile, dayRows(100 + seed, seed % 2 === 0 ? 250 : 600, 168)),
  );
  days.forEach((window, at) => {
    for (const size of [1, 7]) {
      if (at < size) continue;
      const before = days.slice(at - size, at);
      const inputs = { reference: "rolling", windowMs: DAY_MS, window, before } as const;
      for (const { metric: name, state } of referenceFindings(inputs, contextOf(profile))) {
        if (name === metric.driftSeverity) states[state as keyof typeof states] += 1;
      }
    }
  });
  assert.ok(states.ok > 300, JSON.stringify(states));
  assert.equal(states.critical, 0);
  assert.ok(states.warning <= 1, JSON.stringify(states));
});

test("a night before a day is no drift where training knows the hours, and is one where it does not", () => {
  const night = drawRows(11, 3_000, 6);
  const day = drawRows(12, 12_000, 24).filter((row) => row.hourOfWeek >= 6);
  const seasonal = severityOf(hold(profileOf(training, true), day, [night], "previous"), "distance");
  assert.equal(seasonal.state, "ok");
  const plain = severityOf(hold(profileOf(training), day, [night], "previous"), "distance");
  assert.equal(plain.state, "critical");
  const changed = hold(profileOf(training, true), day.map(longer), [night], "previous");
  assert.equal(severityOf(changed, "distance").state, "critical");
});

test("few rows on either side give no verdict and say how many there are", () => {
  const profile = profileOf(training);
  const few = severityOf(hold(profile, dayRows(5, 2_000), [dayRows(6, 150)], "previous"), "distance");
  assert.equal(few.state, "insufficient_data");
  assert.match(few.evidence.note, /200 in the reference; there are 2000 and 150, in 1 windows before/);
  const none = severityOf(hold(profile, dayRows(5, 2_000), [], "same_hour"), "distance");
  assert.equal(none.state, "insufficient_data");
});

test("a reference whose rows depend on each other counts for fewer, and says so where they are too few", () => {
  const independent = profileOf(training);
  const fields = independent.fields.map((field) => ({
    ...field,
    varianceInflation: { rows: [10, 10] as [number, number], slots: null },
  }));
  const [window, before] = [dayRows(8, 2_000), [dayRows(9, 1_500)]];
  const few = severityOf(hold({ ...independent, fields }, window, before, "previous"), "score");
  assert.equal(few.state, "insufficient_data");
  assert.match(few.evidence.note, /1 window with 1500 values, count for fewer than 200 independent ones/);
  assert.equal(severityOf(hold(independent, window, before, "previous"), "score").state, "ok");
});

test("an ignored feature and outcomes that are not known yet are not kept", () => {
  const profile = profileOf(training);
  const rows = dayRows(7, 500);
  const context = contextOf(profile, { drift: { ignore: ["origin"] } });
  const names = windowCounts({ ...aggregateOf(rows, profile), labelled: [] }, context).map(({ name }) => name);
  assert.deepEqual(names, ["distance", "score"]);
});

test("references reach back by windows and by weeks", () => {
  const references = ["training", "same_hour", "previous", "rolling"];
  const { config } = contextOf(profileOf(training), { drift: { references, rollingWindows: 3 } });
  assert.deepEqual(driftReferences(config), ["same_hour", "previous", "rolling"]);
  assert.deepEqual(referenceLags("previous", DAY_MS, config), [DAY_MS]);
  assert.deepEqual(referenceLags("rolling", DAY_MS, config), [DAY_MS, 2 * DAY_MS, 3 * DAY_MS]);
  assert.deepEqual(
    referenceLags("same_hour", DAY_MS, config),
    [7, 14, 21, 28].map((days) => days * DAY_MS),
  );
  assert.deepEqual(referenceLags("same_hour", 30 * DAY_MS, config), []);
  assert.deepEqual(driftReferences(contextOf(profileOf(training)).config), []);
});
