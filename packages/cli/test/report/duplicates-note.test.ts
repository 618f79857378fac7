import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement, Profile } from "@tidemark/schema";
import { duplicatesNote } from "../../src/report/duplicates-note.ts";
import { profileOf } from "./fixture/profile.ts";
import { measured } from "./measured.ts";

const CURVE = [{ rows: 64, blocks: 8, mean: 0.01, deviation: 0.001, largest: 0.02 }];
const plain = profileOf("quiet");
const profile: Profile = { ...plain, duplicates: CURVE };
const share = (day: number, rule: string) =>
  measured(day, { metric: "ml.data_quality.share", attributes: { "ml.data_quality.rule": rule } });
const missing = share(1, "missing");

function noteOf(measurements: readonly Measurement[], reference: Profile | null = profile): string {
  return duplicatesNote({ measurements, profile: reference })?.text ?? "";
}

test("a model that sends points only is told that duplicates are not judged, and what to send", () => {
  const note = noteOf([missing]);
  assert.match(note, /Duplicates: not judged in the newest window\. No record names every feature/);
  assert.match(note, /events: \{ inputs: &quot;all&quot; \}/);
});

test("only the newest window counts: records that stopped carrying inputs are told", () => {
  assert.equal(noteOf([missing, share(1, "duplicate")]), "");
  assert.match(noteOf([share(0, "duplicate"), missing]), /not judged in the newest window/);
});

test("a profile that cannot say is named instead of the records", () => {
  assert.match(noteOf([missing], plain), /fewer than 200 rows/);
  const embeddings = [{}] as unknown as NonNullable<Profile["embeddings"]>;
  assert.match(noteOf([missing], { ...profile, fields: [], embeddings }), /only features are vectors/);
  assert.match(noteOf([missing], { ...profile, fields: [] }), /has no features/);
});

test("nothing is said before anything is checked, or without a profile", () => {
  assert.equal(noteOf([]), "");
  assert.equal(noteOf([missing], null), "");
});
