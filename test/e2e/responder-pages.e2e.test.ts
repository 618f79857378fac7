import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { type Responder, startResponder } from "@tidemark/responder";
import { parseResponderConfig } from "@tidemark/schema";
import { pino } from "pino";
import type { Browser, Page } from "puppeteer-core";
import { type QuietProcessor, startQuietProcessor } from "../../packages/responder/test/quiet-processor.ts";
import { launchBrowser, overflow, seriousViolations } from "./tools/browser.ts";
import { poll } from "./tools/poll.ts";

const TOKENS = { hook: "hook-token-0123456789", ada: "ada-token-0123456789" };
const FLAGS = { flags: { model: { defaultVariant: "new", variants: { old: 1, new: 2 } } } };
const LOOKS = [
  [390, "light"],
  [390, "dark"],
  [1280, "light"],
  [1280, "dark"],
] as const;

describe("the responder's pages in a browser", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-pages-"));
  const file = (name: string) => path.join(folder, name);
  let processor: QuietProcessor;
  let responder: Responder;
  let browser: Browser;

  before(async () => {
    for (const [name, token] of Object.entries(TOKENS)) writeFileSync(file(`${name}.token`), `${token}\n`);
    writeFileSync(file("flags.json"), JSON.stringify(FLAGS));
    processor = await startQuietProcessor();
    responder = await startResponder({
      config: configOf(processor.url),
      directory: folder,
      logger: pino({ enabled: false }),
      tickMs: 20,
    });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    await responder.close();
    processor.close();
    rmSync(folder, { recursive: true });
  });

  test("by keyboard alone: sign in, open the case, approve, and the action runs", async () => {
    await fire(responder.url, "distance");
    const { page, problems } = await openPage(browser, 1280, "light");
    await page.goto(`${responder.url}/`);
    assert.match(page.url(), /\/sign-in$/);
    await poll("the focus in the field", 10, async () =>
      ((await page.evaluate(FOCUSED)) as { label: string }).label.startsWith("Your token") ? true : undefined,
    );
    await page.keyboard.type(TOKENS.ada);
    await submit(page);
    assert.match(await page.title(), /^Cases/);

    await poll("an action that waits", 10, async () => {
      await page.reload();
      return (await page.$("section[aria-labelledby=waiting] a")) ?? undefined;
    });
    await tabTo(page, "shift_traffic (back) for flight-delay");
    await submit(page);
    assert.match(await page.title(), /flight-delay: distance/);

    await tabTo(page, "Reason");
    await page.keyboard.type("the old version is healthy");
    await tabTo(page, "Approve shift_traffic");
    await submit(page);
    await poll("the flag", 10, async () => (variant() === "old" ? true : undefined));
    await page.reload();
    assert.match(await text(page), /ada: the old version is healthy/);
    assert.deepEqual(problems, []);
    await page.close();
  });

  test("every control has a name that a screen reader can say", async () => {
    const { page } = await signedIn(browser, responder.url, 1280, "light");
    for (const where of ["/", await firstCase(page)]) {
      await page.goto(new URL(where, responder.url).href);
      const names = await page.$$eval("a, button, input:not([type=hidden]), select, textarea", (all) =>
        all.map((control) => ({
          tag: control.outerHTML.slice(0, 80),
          name: ("labels" in control ? control.labels?.[0]?.textContent : null) ?? control.textContent,
        })),
      );
      assert.ok(names.length >= 5);
      for (const { tag, name } of names) assert.ok((name ?? "").trim().length > 1, `${tag} has no name`);
      assert.equal((await page.$$("h1")).length, 1);
      assert.equal((await page.$$("main")).length, 1);
    }
    await page.close();
  });

  for (const [width, scheme] of LOOKS) {
    test(`at ${width} pixels, ${scheme}: nothing fails, nothing overflows, nothing is out of reach`, async () => {
      const { page, problems } = await signedIn(browser, responder.url, width, scheme);
      for (const where of ["/", await firstCase(page), "/sign-in"]) {
        await page.goto(new URL(where, responder.url).href);
        assert.ok((await overflow(page)) <= 0, `${where} scrolls sideways`);
        assert.deepEqual(await seriousViolations(page), [], where);
      }
      assert.deepEqual(problems, []);
      await page.close();
    });
  }

  test("a form on somebody else's page does nothing for a person who is signed in, and is on the audit log", async () => {
    const { page } = await signedIn(browser, responder.url, 1280, "light");
    const form = `<form method="post" action="${responder.url}/kill-switch"><input name="on" value="yes"><input name="reason" value="x"><button>Win a prize</button></form>`;
    const stranger = createServer((_, response) => response.end(`<!doctype html><title>s</title>${form}`));
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    await page.goto(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`);
    const [answer] = await Promise.all([page.waitForNavigation(), page.click("button")]);
    assert.equal(answer?.status(), 403);
    await page.goto(`${responder.url}/`);
    assert.doesNotMatch(await text(page), /The kill switch is on/);
    const headers = { authorization: `Bearer ${TOKENS.ada}` };
    const { audit } = (await (await fetch(`${responder.url}/v1/audit`, { headers })).json()) as AuditAnswer;
    assert.ok(audit.some(({ kind, actor }) => kind === "form.refused" && actor === "ada"));
    stranger.close();
    await page.close();
  });

  function variant(): string {
    return JSON.parse(readFileSync(file("flags.json"), "utf8")).flags.model.defaultVariant as string;
  }
});

interface AuditAnswer {
  readonly audit: readonly { readonly kind: string; readonly actor: string }[];
}

function configOf(processor: string) {
  const result = parseResponderConfig({
    server: { port: 0 },
    webhookTokenFile: "hook.token",
    processor,
    dryRun: false,
    people: [{ name: "ada", roles: ["operations"], tokenFile: "ada.token" }],
    actions: { back: { type: "flag", file: "flags.json", flag: "model", variant: "old" } },
    policies: [{ name: "flights", models: ["*"], steps: [{ rung: "shift_traffic", action: "back" }] }],
  });
  assert.ok(result.ok);
  return result.config;
}

async function fire(url: string, target: string): Promise<void> {
  const labels = {
    alertname: "ModelHealthCritical",
    severity: "critical",
    ml_model_name: "flight-delay",
    ml_monitor_signal: "drift",
    ml_monitor_target: target,
  };
  const alerts = [{ status: "firing", labels, startsAt: new Date().toISOString(), fingerprint: target }];
  const response = await fetch(`${url}/webhooks/alertmanager`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${TOKENS.hook}` },
    body: JSON.stringify({ alerts }),
  });
  assert.equal(response.status, 200);
}

async function openPage(browser: Browser, width: number, scheme: "light" | "dark") {
  const page = await browser.newPage();
  await page.deleteCookie(...(await page.cookies()));
  const problems: string[] = [];
  page.on("console", (message) => problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.setViewport({ width, height: 900 });
  return { page, problems };
}

async function signedIn(browser: Browser, url: string, width: number, scheme: "light" | "dark") {
  const opened = await openPage(browser, width, scheme);
  await opened.page.goto(`${url}/sign-in`);
  await opened.page.type("input[name=token]", TOKENS.ada);
  await submit(opened.page);
  return opened;
}

/** Presses Enter and waits for the page that follows. */
async function submit(page: Page): Promise<void> {
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

async function firstCase(page: Page): Promise<string> {
  return page.$eval("section[aria-labelledby=open] a, section[aria-labelledby=closed] a", (link) => link.pathname);
}

function text(page: Page): Promise<string> {
  return page.$eval("main", (main) => main.textContent ?? "");
}

/** Name and outline of the control that has the focus, as the browser knows them. */
const FOCUSED = `(() => {
  const found = document.activeElement;
  const label = found.labels?.[0]?.textContent ?? found.textContent;
  return { label: label.trim(), outline: getComputedStyle(found).outlineStyle };
})()`;

/** Presses Tab until the control with a name has the focus, and sees that the focus shows. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press("Tab");
    const focused = (await page.evaluate(FOCUSED)) as { label: string; outline: string };
    if (!focused.label.startsWith(name)) continue;
    assert.notEqual(focused.outline, "none", `the focus on ${name} cannot be seen`);
    return;
  }
  throw new Error(`no Tab leads to ${name}`);
}
