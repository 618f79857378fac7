import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement } from "@tidemark/schema";
import { collectReview, type ReviewSources } from "../../src/review/collect-review.ts";
import type { Review } from "../../src/review/review-data.ts";
import { reviewMarkdown } from "../../src/review/review-markdown.ts";
import { reviewPage } from "../../src/review/review-page.ts";
import { chosenPeriod, type ReviewKind, type ReviewPeriod } from "../../src/review/review-period.ts";
import { reviewScores } from "../../src/review/review-scores.ts";
import { writeReview } from "../../src/review/write-review.ts";
import { fixtureApi } from "../report/report-fixture.ts";
import { alertingFixture } from "./alerting-fixture.ts";

const NOW = () => new Date("2001-07-02T08:00:00Z");

async function reviewOf(wanted: ReviewKind | ReviewPeriod, given: Partial<ReviewSources> = {}): Promise<Review> {
  const processor = fixtureApi({ seed: 7, story: "units" });
  const wish = typeof wanted === "string" ? { kind: wanted } : { period: wanted };
  return writeReview(await collectReview({ processor, ...given }, wish, NOW));
}

test("without a date it is about the last whole week of event time, and compares with the week before", async () => {
  const { title, models } = await reviewOf("weekly");
  assert.equal(title, "Weekly review of 25 Jun – 1 Jul 2001");
  const auc = models[0]!.scores.find((score) => score.title === "ROC AUC")!;
  const measured = await fixtureApi({ seed: 7, story: "units" }).measurements({
    model: "flight-delay",
    version: "1",
    role: "champion",
    windowName: "7d",
  });
  const own = measured.filter(({ metric }) => metric === "ml.performance.roc_auc").map(({ value }) => value);
  assert.equal(auc.value, own.at(-1));
  assert.equal(auc.before, own.at(-2));
  assert.equal(auc.trend.length, 26);
});

test("what came after the period is not in it", async () => {
  const april = await reviewOf(chosenPeriod("2001-03-26", "2001-04-30"));
  assert.doesNotMatch(JSON.stringify(april), /May|Jun/);
  const all = await reviewOf(chosenPeriod("2001-01-01", "2001-07-02"));
  assert.match(JSON.stringify(all), /change of unit/i);
});

test("a fault that is open is a decision for whoever owns its cause", async () => {
  const { decisions, summary, models } = await reviewOf(chosenPeriod("2001-04-30", "2001-05-14"));
  assert.equal(models[0]?.state, "critical");
  const [first] = decisions;
  assert.equal(first?.urgency, "now");
  assert.equal(first?.role, "engineering");
  assert.match(first.text, /agree on the unit of distance/);
  assert.match(summary.join(" "), /flight-delay 1 is critical, since 30 Apr first for this: change of unit: distance/);
});

test("with a responder's record it names who has to decide, what is noise, and what nobody caught", async () => {
  const review = await reviewOf("weekly", { alerting: async () => alertingFixture() });
  const texts = review.decisions.map(({ text }) => text).join("\n");
  assert.match(texts, /approve or reject shift traffic \(back\) for flight-delay, which lapses at 2001-05-01T01:01/);
  const approval = review.decisions.find(({ text }) => text.startsWith("approve or reject"));
  assert.equal(approval?.role, "engineering or data science", "it is for those who may decide it");
  assert.match(texts, /one open case that nobody looks after: flight-delay distance/);
  assert.match(texts, /ModelHealthWarning of flight-delay inbound_delay was noise 6 times and useful 1 times/);
  assert.match(texts, /A and B opened together 9 of 10 times/);
  assert.match(texts, /mark one case as useful/);
  assert.match(review.summary.join(" "), /9 alerts opened a case, 25.0\s% of 8 marked were useful/);
});

test("page and Markdown tell the same, and nothing from the wire becomes markup", async () => {
  const review = await reviewOf("weekly", { alerting: async () => alertingFixture() });
  const [page, markdown] = [reviewPage(review), reviewMarkdown(review)];
  assert.doesNotMatch(page, /<script/);
  assert.match(page, /&lt;script&gt;alert\(1\)/);
  assert.match(markdown, /\\<script\\>alert\(1\)\\<\/script\\> \\\| \\\[scores\\\]\(x\) were zero/);
  for (const { text } of review.decisions) assert.ok(page.includes(text.replaceAll("'", "&#39;")), text);
  for (const { name, scores } of review.models) {
    assert.ok(markdown.includes(`## ${name}`));
    for (const { title } of scores) assert.ok(markdown.includes(`| ${title} |`) && page.includes(title));
  }
  assert.doesNotMatch(page + markdown, /undefined|NaN|\[object/);
});

test("names and addresses stay text in Markdown", async () => {
  const record = alertingFixture();
  const description = "- http://evil.test/a_b ~~gone~~ www.evil.test ada@evil.test $x$ 7 < 8 &amp;";
  const missed = [{ ...record.missed[0]!, model: "1. # a_b", description }];
  const review = await reviewOf("weekly", { alerting: async () => ({ ...record, missed }) });
  const line = reviewMarkdown(review)
    .split("\n")
    .find((text) => text.includes("evil"))!;
  assert.equal(
    line,
    "- 1\\. # a\\_b: \\- http\\://evil.test/a\\_b \\~\\~gone\\~\\~ www\\.evil.test ada\\@evil.test \\$x\\$ 7 \\< 8 \\&amp;",
  );
});

test("of one model, the responder is asked about that one", async () => {
  const asked: (string | undefined)[] = [];
  const alerting: ReviewSources["alerting"] = async (_period, modelName) => {
    asked.push(modelName);
    return alertingFixture();
  };
  const processor = fixtureApi({ seed: 7, story: "units" });
  await collectReview({ processor, alerting }, { kind: "weekly", modelName: "flight-delay" }, NOW);
  await collectReview({ processor, alerting }, { kind: "weekly" }, NOW);
  assert.deepEqual(asked, ["flight-delay", undefined]);
});

test("what was before the period is found however long the period is", () => {
  const day = (index: number) => new Date(Date.UTC(2001, 0, 1 + index)).toISOString();
  const measurements = Array.from(
    { length: 60 },
    (_, index) =>
      ({
        metric: "ml.performance.accuracy",
        target: { kind: "prediction", name: "accuracy" },
        attributes: {},
        value: index / 100,
        lower: null,
        upper: null,
        state: "ok",
        window: { name: "24h", start: day(index), end: day(index + 1) },
        evidence: { numbers: {}, note: "", bins: null },
      }) as unknown as Measurement,
  );
  const [accuracy] = reviewScores(measurements, { from: day(20), to: day(60) });
  assert.deepEqual([accuracy?.value, accuracy?.before, accuracy?.trend.length], [0.59, 0.19, 26]);
});

test("of nothing it says that it knows nothing", async () => {
  const processor = fixtureApi({ seed: 7, story: "empty" });
  const review = writeReview(await collectReview({ processor }, { kind: "monthly" }, NOW));
  assert.equal(review.title, "Monthly review of 1 – 30 Jun 2001");
  assert.equal(review.models[0]?.state, "insufficient_data");
  assert.match(review.limits.join(" "), /No outcome of flight-delay 1 is known/);
  assert.match(reviewPage(review), /Nothing is due/);
});
