import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { collectReportData, collectReview, renderReport, reviewPage, writeReview } from "@tidemark/cli";
import type { Browser, Page } from "puppeteer-core";
import { type FixtureOptions, fixtureApi } from "../../packages/cli/test/report/report-fixture.ts";
import { alertingFixture } from "../../packages/cli/test/review/alerting-fixture.ts";
import { launchBrowser, overflow, seriousViolations } from "./tools/browser.ts";

const CASES = [
  ["units", 390, "light"],
  ["units", 390, "dark"],
  ["units", 1280, "light"],
  ["units", 1280, "dark"],
  ["regression", 390, "dark"],
  ["regression", 1280, "light"],
  ["empty", 390, "light"],
  ["empty", 1280, "dark"],
] as const;
const SCHEMES = ["light", "dark"] as const;

describe("the report in a browser", () => {
  let browser: Browser;

  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  for (const [story, width, scheme] of CASES) {
    test(`${story} at ${width} pixels, ${scheme}: nothing fails, nothing overflows, nothing is out of reach`, async () => {
      const { page, problems } = await openReport(browser, { seed: 1, story }, width, scheme);
      await page.$$eval("details", (all) => {
        for (const details of all) details.open = true;
      });
      assert.deepEqual(problems, []);
      assert.ok((await overflow(page)) <= 0, "the page scrolls sideways");
      assert.deepEqual(await seriousViolations(page), []);
      await page.close();
    });
  }

  for (const [width, scheme] of [
    [390, "light"],
    [1280, "dark"],
  ] as const) {
    test(`a review at ${width} pixels, ${scheme}: nothing fails, nothing overflows, nothing is out of reach`, async () => {
      const processor = fixtureApi({ seed: 1, story: "units" });
      const sources = { processor, alerting: async () => alertingFixture() };
      const review = writeReview(await collectReview(sources, { kind: "monthly" }));
      const { page, problems } = await openPage(browser, reviewPage(review), width, scheme);
      assert.deepEqual(problems, []);
      assert.ok((await overflow(page)) <= 0, "the page scrolls sideways");
      assert.deepEqual(await seriousViolations(page), []);
      await page.close();
    });
  }

  test("the pictures are there, with a size and a name", async () => {
    const { page } = await openReport(browser, { seed: 1, story: "units" }, 1280, "light");
    const charts = await page.$$eval("svg[role=img]", (all) =>
      all.map((svg) => {
        const { width, height } = svg.getBoundingClientRect();
        return { width, height, label: svg.getAttribute("aria-label") ?? "" };
      }),
    );
    assert.ok(charts.length >= 20, `${charts.length} pictures`);
    for (const { width, height, label } of charts) {
      assert.ok(width > 200 && height > 30, `${label} is ${width} by ${height}`);
      assert.notEqual(label, "");
    }
    const cells = await page.$$eval("table.windows td", (all) => all.length);
    assert.equal(cells, 26 * (6 + 8));
    await page.close();
  });

  test("the two schemes differ", async () => {
    const grounds = await Promise.all(
      SCHEMES.map(async (scheme) => {
        const { page } = await openReport(browser, { seed: 1, story: "quiet" }, 1280, scheme);
        const ground = await page.evaluate("getComputedStyle(document.body).backgroundColor");
        await page.close();
        return ground;
      }),
    );
    assert.notEqual(grounds[0], grounds[1]);
  });
});

async function openReport(browser: Browser, fixture: FixtureOptions, width: number, scheme: "light" | "dark") {
  return openPage(browser, renderReport(await collectReportData(fixtureApi(fixture))), width, scheme);
}

async function openPage(
  browser: Browser,
  content: string,
  width: number,
  scheme: "light" | "dark",
): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on("console", (message) => problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("request", (request) => {
    if (!/^(about|data):/.test(request.url())) problems.push(`asked for ${request.url()}`);
  });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.setViewport({ width, height: 900 });
  await page.setContent(content);
  return { page, problems };
}
