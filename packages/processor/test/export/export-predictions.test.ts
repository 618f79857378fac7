import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { EXPORT_FORMATS, exportPredictions } from "../../src/export/export-predictions.ts";
import { openRecordFile } from "../../src/replay/open-record-file.ts";
import { HOUR_MS, KEY, MONDAY_MS, outcome, prediction } from "../records.ts";
import { testStores, withStore } from "../temporary-store.ts";

testStores(
  "an export holds every prediction once, with its outcome and its inputs, in every format",
  async ({ store, write }) => {
    const folder = mkdtempSync(join(tmpdir(), "tidemark-test-"));
    const inputs = { distance: 2176, origin: "it's", id: 5, mixed: 1 };
    await write({
      predictions: [
        prediction("b", MONDAY_MS + 1, {
          score: 0.1 + 0.2,
          label: "late",
          samplingProbability: 0.5,
          traceId: "4bf9",
          inputs,
        }),
        prediction("a", MONDAY_MS, { inputs: { distance: null, mixed: "text" } }),
        prediction("c", MONDAY_MS + 2, { version: "2" }),
        prediction("a", MONDAY_MS, { model: "other" }),
      ],
      outcomes: [
        outcome("b", MONDAY_MS + HOUR_MS, { label: "on_time" }),
        outcome("b", MONDAY_MS + 2 * HOUR_MS, { label: "late" }),
      ],
    });
    await write({ predictions: [prediction("a", MONDAY_MS, { inputs: { distance: null, mixed: "text" } })] });
    try {
      for (const format of EXPORT_FORMATS) {
        const path = join(folder, `export.${format}`);
        await exportPredictions(store, { key: { tenant: KEY.tenant, model: KEY.model }, path, format });
        const engineFormat = { parquet: "Parquet", csv: "CSVWithNames", jsonl: "JSONEachRow" }[format];
        const rows = await store.query<Record<string, unknown>>(
          `SELECT * EXCEPT(time, outcome_time), toString(toUnixTimestamp64Milli(toDateTime64(outcome_time, 3, 'UTC'))) AS at FROM file('${path}', '${engineFormat}')`,
        );
        assert.deepEqual(
          rows.map(({ id }) => id),
          ["a", "b", "c"],
          format,
        );
        const { at, ...b } = rows[1]!;
        assert.equal(at, String(MONDAY_MS + 2 * HOUR_MS));
        assert.deepEqual(
          Object.fromEntries(Object.entries(b).map(([name, value]) => [name, value === null ? null : String(value)])),
          {
            id: "b",
            version: "1",
            role: "champion",
            score: "0.30000000000000004",
            label: "late",
            value: null,
            weight: "2",
            outcome_label: "late",
            outcome_value: null,
            trace_id: "4bf9",
            distance: "2176",
            input_id: "5",
            mixed: "1",
            origin: "it's",
          },
        );
        assert.equal(rows[0]!["distance"], null);
      }
      const path = join(folder, "one.jsonl");
      await exportPredictions(store, { key: { ...KEY, version: "2" }, path, format: "jsonl" });
      assert.equal(readFileSync(path, "utf8").trimEnd().split("\n").length, 1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

testStores("vectors are exported as lists of numbers, empty where a prediction has none", async ({ store, write }) => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-test-"));
  const text = Float32Array.of(0.1, -2, 1e30);
  await write({
    predictions: [
      prediction("a", MONDAY_MS, { vectors: { text, mixed: Float32Array.of(7), score: Float32Array.of(8) } }),
      prediction("b", MONDAY_MS + 1, { inputs: { mixed: 1 }, version: "2" }),
      prediction("c", MONDAY_MS + 2, { vectors: { text: Float32Array.of(3) } }),
      prediction("a", MONDAY_MS, { model: "other", vectors: { alien: text } }),
    ],
  });
  try {
    for (const format of EXPORT_FORMATS) {
      const path = join(folder, `export.${format}`);
      await exportPredictions(store, { key: { tenant: KEY.tenant, model: KEY.model }, path, format });
      const engineFormat = { parquet: "Parquet", csv: "CSVWithNames", jsonl: "JSONEachRow" }[format];
      const rows = await store.query<Record<string, unknown>>(
        `SELECT id, CAST(text AS Array(Float32)) AS text, CAST(input_mixed AS Array(Float32)) AS input_mixed,
          CAST(input_score AS Array(Float32)) AS input_score, toFloat64OrNull(toString(mixed)) AS mixed
        FROM file('${path}', '${engineFormat}')`,
      );
      assert.deepEqual(rows, [
        { id: "a", text: [0.1, -2, 1e30], input_mixed: [7], input_score: [8], mixed: null },
        { id: "b", text: [], input_mixed: [], input_score: [], mixed: 1 },
        { id: "c", text: [3], input_mixed: [], input_score: [], mixed: null },
      ]);
    }
    assert.match(readFileSync(join(folder, "export.csv"), "utf8"), /^(?!.*alien)/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

testStores(
  "an export can be cut to a span of time and to predictions whose outcome is known",
  async ({ store, write }) => {
    const folder = mkdtempSync(join(tmpdir(), "tidemark-test-"));
    try {
      await write({
        predictions: ["a", "b", "c"].map((id, at) => prediction(id, MONDAY_MS + at * HOUR_MS)),
        outcomes: [outcome("b", MONDAY_MS + 9 * HOUR_MS, { label: "late" })],
      });
      const path = join(folder, "export.jsonl");
      const idsOf = async (more: object) => {
        await exportPredictions(store, {
          key: { tenant: KEY.tenant, model: KEY.model },
          path,
          format: "jsonl",
          ...more,
        });
        const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
        return lines.map((line) => (JSON.parse(line) as { id: string }).id);
      };
      assert.deepEqual(await idsOf({ fromMs: MONDAY_MS + HOUR_MS }), ["b", "c"]);
      assert.deepEqual(await idsOf({ toMs: MONDAY_MS + HOUR_MS }), ["a"]);
      assert.deepEqual(await idsOf({ labelledOnly: true }), ["b"]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

const ANSWERED = ["it's linear", "mixed", "trees", "voter"];
const ENSEMBLE = [
  prediction("a", MONDAY_MS, {
    inputs: { "member:trees": 7, member_since: 1998 },
    memberAnswers: { trees: 0.9, "it's linear": 0, voter: "late", mixed: 0.5 },
    probabilities: { late: 0.75, "it's": 0.25, odd: Number.NaN },
  }),
  prediction("a", MONDAY_MS + 1, { version: "2", memberAnswers: { trees: 0.25, mixed: "late" } }),
  prediction("b", MONDAY_MS + 2, { memberAnswers: { trees: null, voter: "on_time" } }),
  prediction("c", MONDAY_MS + 3, {}),
];

testStores("what each member of an ensemble answered is a column", async ({ store, write }) => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-test-"));
  await write({ predictions: ENSEMBLE, outcomes: [outcome("a", MONDAY_MS + HOUR_MS, { label: "late" })] });
  try {
    const path = join(folder, "members.parquet");
    await exportPredictions(store, { key: { tenant: KEY.tenant, model: KEY.model }, path, format: "parquet" });
    const rows = await store.query<Record<string, unknown>>(`SELECT * FROM file('${path}', 'Parquet')`);
    assert.deepEqual(
      rows.map((row) => ANSWERED.map((name) => row[`member:${name}`])),
      [
        [0, "0.5", 0.9, "late"],
        [null, "late", 0.25, null],
        [null, null, null, "on_time"],
        [null, null, null, null],
      ],
    );
    assert.deepEqual(
      rows.map((row) => ["it's", "late", "odd"].map((name) => row[`probability:${name}`])),
      [[0.25, 0.75, null], ...Array.from({ length: 3 }, () => [null, null, null])],
    );
    assert.deepEqual([rows[0]!["input_member:trees"], rows[0]!["member_since"]], [7, 1998]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the columns of members are read back as answers, those of inputs as inputs", () =>
  withStore(async ({ store, write }) => {
    const folder = mkdtempSync(join(tmpdir(), "tidemark-test-"));
    await write({ predictions: ENSEMBLE });
    try {
      for (const format of EXPORT_FORMATS) {
        const path = join(folder, `members.${format}`);
        await exportPredictions(store, { key: { tenant: KEY.tenant, model: KEY.model }, path, format });
        const file = await openRecordFile({ path, model: KEY.model });
        const read: unknown[] = [];
        for await (const [first] of file.read()) {
          const { attributes } = first as {
            readonly attributes: readonly { key: string; value: { kvlistValue?: { values: Pair[] } } }[];
          };
          const pairs = (key: string) => attributes.find((each) => each.key === key)?.value.kvlistValue?.values ?? [];
          const plain = ({ value }: Pair) => value.doubleValue ?? value.stringValue ?? null;
          const of = (key: string) => Object.fromEntries(pairs(key).map((pair) => [pair.key, plain(pair)]));
          read.push([of("ml.ensemble.answers"), of("ml.inference.inputs"), of("ml.prediction.probabilities")]);
        }
        await file.close();
        const none = { "member:trees": null, member_since: null };
        assert.deepEqual(
          read,
          [
            [
              { "it's linear": 0, mixed: "0.5", trees: 0.9, voter: "late" },
              { "member:trees": 7, member_since: 1998 },
              { "it's": 0.25, late: 0.75 },
            ],
            [{ mixed: "late", trees: 0.25 }, none, {}],
            [{ voter: "on_time" }, none, {}],
            [{}, none, {}],
          ],
          format,
        );
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }));

interface Pair {
  readonly key: string;
  readonly value: { readonly doubleValue?: number; readonly stringValue?: string };
}

test("names of inputs that collide with a column, or are made up by the thousand, keep nothing from being exported", () =>
  withStore(async ({ store, write }) => {
    const folder = mkdtempSync(join(tmpdir(), "tidemark-test-"));
    const colliding = { score: 1, input_score: 2, input_input_score: "three", other_inputs: 4 };
    const madeUp = (index: number) => `${"long".repeat(60)} it's ${String(index).padStart(4, "0")}`;
    const many = Object.fromEntries(Array.from({ length: 3_000 }, (_unused, index) => [madeUp(index), index]));
    const predictions = [
      prediction("a", MONDAY_MS, { inputs: colliding }),
      prediction("b", MONDAY_MS, { inputs: colliding }),
    ];
    const path = join(folder, "export.jsonl");
    const rows = async () => {
      await exportPredictions(store, { key: KEY, path, format: "jsonl" });
      const lines = readFileSync(path, "utf8").trimEnd().split("\n");
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    };
    try {
      await write({ predictions });
      const titles = {
        input_input_input_score: 1,
        input_score: 2,
        input_input_score: "three",
        input_other_inputs: 4,
      };
      const [first] = await rows();
      assert.deepEqual(Object.fromEntries(Object.keys(titles).map((title) => [title, first![title]])), titles);
      assert.equal("other_inputs" in first!, false);
      await write({ predictions: [prediction("c", MONDAY_MS, { inputs: { ...many, [madeUp(2_999)]: null } })] });
      const [again, , made] = await rows();
      assert.equal(again!["input_score"], 2, "what most records name keeps its column");
      assert.equal(made![madeUp(0)], 0);
      const others = JSON.parse(String(made!["other_inputs"])) as Record<string, string>;
      assert.equal(Object.keys(others).length, 3_004 - 1_000);
      assert.equal(others[madeUp(2_998)], "2998");
      assert.equal(others[madeUp(2_999)], "null");
      assert.equal(again!["other_inputs"], "{}");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }));
