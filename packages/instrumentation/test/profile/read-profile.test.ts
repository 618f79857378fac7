import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import type { ProfileJson } from "../../src/profile/profile-json.ts";
import { readProfile } from "../../src/profile/read-profile.ts";
import { PROFILE } from "../harness.ts";

const damaged = (field: unknown) => ({ ...PROFILE, fields: [field] }) as unknown as ProfileJson;

describe("readProfile", () => {
  it("takes every field of a whole profile", () => {
    const { fields, problems } = readProfile(PROFILE, "flights");
    assert.deepEqual(
      [...fields.keys()],
      ["feature/distance", "feature/origin", "prediction/score", "prediction/label"],
    );
    assert.deepEqual(problems, []);
  });

  it("leaves out a damaged field and says what is wrong with it", () => {
    const numeric = PROFILE.fields[0];
    const rows: [unknown, RegExp][] = [
      [{ ...numeric, boundaries: [1, 1] }, /fall at index 1/],
      [{ ...numeric, boundaries: [1, Number.NaN] }, /not a finite number at index 1/],
      [{ ...numeric, boundaries: [] }, /needs 1 to 1000 boundaries/],
      [{ ...numeric, boundaries: "1,2" }, /needs 1 to 1000 boundaries/],
      [{ ...numeric, range: undefined }, /needs a range/],
      [{ ...PROFILE.fields[1], categories: [1] }, /needs categories/],
      [{ ...PROFILE.fields[1], categories: ["a", "a"] }, /lists a category twice/],
      [{ ...numeric, kind: "text" }, /unknown kind text/],
      [{ kind: "numeric" }, /has no name/],
      [null, /has no name/],
    ];
    for (const [field, want] of rows) {
      const { fields, problems } = readProfile(damaged(field), "flights");
      assert.equal(fields.size, 0);
      assert.match(problems[0]!, want);
    }
  });

  it("leaves out a profile of another model and one that is no profile", () => {
    assert.match(readProfile(PROFILE, "other").problems[0]!, /of model flights, not of other/);
    for (const odd of [{}, [], 1, "text"] as unknown as ProfileJson[]) {
      assert.equal(readProfile(odd, "flights").problems.length, 1);
    }
    assert.match(
      readProfile({ ...PROFILE, fields: null } as unknown as ProfileJson, "flights").problems[0]!,
      /no list/,
    );
  });

  it("finds nothing wrong where there is no profile", () => {
    assert.deepEqual(readProfile(undefined, "flights").problems, []);
  });
});
