import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createProgram } from "../../src/program.ts";

test("a profile keeps the time zone that it was made for, and a name that is none is refused with the nearest", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-zone-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const data = join(folder, "train.csv");
  const output = join(folder, "profile.json");
  const rows = Array.from(
    { length: 500 },
    (_, hour) => `${new Date(Date.UTC(2026, 0, 1, hour)).toISOString()},${hour % 24}`,
  );
  writeFileSync(data, ["at,amount", ...rows].join("\n"));
  const profile = (zone: string) =>
    createProgram().parseAsync(
      ["profile", data, "--model", "m", "--time", "at", "--time-zone", zone, "--output", output],
      { from: "user" },
    );
  t.mock.method(console, "log", () => {});
  await profile("America/New_York");
  const { timeZone, season } = JSON.parse(readFileSync(output, "utf8"));
  assert.equal(timeZone, "America/New_York");
  assert.ok(season.slotCount > 1);
  await assert.rejects(
    profile("America/New_Yrok"),
    /--time-zone is "America\/New_Yrok"; expected .* perhaps America\/New_York/,
  );
  await assert.rejects(profile("+02:00"), /--time-zone is "\+02:00"; expected the IANA name/);
});
