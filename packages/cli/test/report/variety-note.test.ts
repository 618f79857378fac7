import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement, Profile, ProfileField } from "@tidemark/schema";
import { varietyNote } from "../../src/report/variety-note.ts";

const share = (rule: string, start = "2001-01-02T00:00:00.000Z") =>
  ({
    metric: "ml.data_quality.share",
    attributes: { "ml.data_quality.rule": rule },
    window: { start },
  }) as unknown as Measurement;
const number = { target: "feature", name: "amount", kind: "numeric" } as ProfileField;
const flag = { target: "feature", name: "flag", kind: "categorical", otherCategories: [] as string[] } as ProfileField;
const varied = { ...number, variety: [] } as ProfileField;

function noteOf(measurements: Measurement[], ...fields: ProfileField[]): string {
  return varietyNote({ measurements, profile: { fields } as Profile })?.text ?? "";
}

test("an old profile is to be made again, and without inputs nothing is told apart", () => {
  assert.match(noteOf([share("missing")], number), /not judged\. The profile does not say .* make it again/);
  assert.match(noteOf([share("missing")], varied), /not judged in the newest window\. No record carries inputs/);
  assert.match(noteOf([share("cardinality", "2001-01-01T00:00:00.000Z"), share("missing")], varied), /newest window/);
});

test("nothing is said where it was judged, nothing was checked, or no feature is meant", () => {
  assert.equal(noteOf([share("missing"), share("cardinality")], varied), "");
  assert.equal(noteOf([], number), "");
  assert.equal(noteOf([share("missing")], flag), "");
  assert.equal(varietyNote({ measurements: [share("missing")], profile: null }), null);
});
