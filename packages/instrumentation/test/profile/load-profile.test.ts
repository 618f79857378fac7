import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { captureDiag, createHarness, FLIGHTS, GOOD_INPUTS, PROFILE, pointValue, statesOf } from "../harness.ts";

describe("a profile by its path", () => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-"));
  after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "flights.profile.json");

  it("counts as its content does", async () => {
    writeFileSync(path, JSON.stringify(PROFILE));
    const { tidemark, points } = createHarness();
    tidemark.describeModel({ ...FLIGHTS, profile: path }).record({ inputs: GOOD_INPUTS });
    assert.equal((pointValue(await points(), "ml.feature.value") as { count: number }).count, 1);
  });

  it("that is torn, missing or no profile lets the service go on without it, and says why", async () => {
    writeFileSync(path, JSON.stringify(PROFILE).slice(0, -10));
    const notProfile = join(folder, "other.json");
    writeFileSync(notProfile, "[1, 2]");
    const rows: [string, RegExp][] = [
      [path, /cannot be read: SyntaxError/],
      [join(folder, "none.json"), /cannot be read: Error: ENOENT/],
      [notProfile, /of model undefined, not of flights/],
    ];
    for (const [profile, want] of rows) {
      const { tidemark, points } = createHarness();
      const messages = captureDiag(() => {
        tidemark
          .describeModel({ ...FLIGHTS, features: { distance: "numeric" }, profile })
          .record({ inputs: { distance: 1 } });
      });
      assert.equal(messages.length, 1);
      assert.match(messages[0]!, want);
      assert.deepEqual(statesOf(await points(), "distance"), { valid: 1 });
    }
  });
});
