import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { writeDueReviews } from "../../src/review/write-due-reviews.ts";
import { fixtureApi } from "../report/report-fixture.ts";

test("each due review is written once, not before its delay, and one that was missed is made up for", async (t) => {
  const root = await mkdtemp(path.join(tmpdir(), "tidemark-reviews-"));
  t.after(() => rm(root, { recursive: true }));
  const folder = path.join(root, "reviews");
  const sources = { processor: fixtureApi({ seed: 7, story: "units" }) };
  const at = (time: string) =>
    writeDueReviews({
      sources,
      kinds: ["weekly", "monthly"],
      folder,
      delayMs: 12 * 3_600_000,
      now: () => Date.parse(time),
    });
  const names = async () => (await readdir(folder)).sort();

  await at("2001-06-04T11:59:00Z");
  assert.deepEqual(
    await names(),
    ["monthly-2001-05-01", "weekly-2001-05-21"].flatMap((name) => [`${name}.html`, `${name}.md`]),
  );
  assert.deepEqual(await at("2001-06-04T12:00:00Z"), [path.join(folder, "weekly-2001-05-28.html")]);
  assert.deepEqual(await at("2001-06-10T00:00:00Z"), []);
  assert.deepEqual(
    await at("2001-06-26T00:00:00Z"),
    ["2001-06-04", "2001-06-11", "2001-06-18"].map((from) => path.join(folder, `weekly-${from}.html`)),
    "every week of an absence, and not the time before the first",
  );
  const page = await readFile(path.join(folder, "weekly-2001-05-28.html"), "utf8");
  assert.match(page, /Weekly review of 28 May – 3 Jun 2001/);
});
