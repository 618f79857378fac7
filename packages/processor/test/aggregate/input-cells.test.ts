import assert from "node:assert/strict";
import type { ProfileField } from "@tidemark/schema";
import { createCellReader, inputColumns } from "../../src/aggregate/input-cells.ts";
import { readInputPlaces } from "../../src/aggregate/input-places.ts";
import { CELL, valueCellSql } from "../../src/aggregate/value-cell.ts";
import { WINDOW_CONDITION, windowParameters } from "../../src/aggregate/window-request.ts";
import { RowReader } from "../../src/store/row-reader.ts";
import { KEY, MONDAY_MS, prediction } from "../records.ts";
import { testProfile } from "../service/test-profile.ts";
import { testStores } from "../temporary-store.ts";

const WINDOW = { name: "24h", startMs: MONDAY_MS, endMs: MONDAY_MS + 86_400_000 };

testStores(
  "a value is in the same cell wherever it is read: by place, by name, or of a sample",
  async ({ store, write }) => {
    const [distance, origin] = testProfile().fields.filter(({ target }) => target === "feature") as [
      Extract<ProfileField, { kind: "numeric" }>,
      Extract<ProfileField, { kind: "categorical" }>,
    ];
    const fields: ProfileField[] = [
      { ...distance, range: { min: -5, max: distance.boundaries.at(-2)! } },
      { ...origin, otherCategories: ["known"], categories: [origin.categories[0]!, "7", "true"], counts: [1, 1, 1, 0] },
      { ...distance, name: "never named" },
    ];
    const numbers = [...distance.boundaries, -1e9, -5, -4.9, 0, 1e9, 7, null, Number.NaN, "text", true];
    const texts = [
      origin.categories[0]!,
      "7",
      7,
      "true",
      true,
      "known",
      "unseen",
      "",
      null,
      Number.POSITIVE_INFINITY,
      7.5,
    ];
    const inputsOf = (index: number) => ({
      ...(index % 5 === 4 ? { "a first": 1 } : {}),
      ...(index % 7 === 6 ? {} : { [distance.name]: numbers[index % numbers.length]! }),
      [origin.name]: texts[index % texts.length]!,
    });
    const count = numbers.length * texts.length;
    const predictions = Array.from({ length: count }, (_, index) =>
      prediction(`p-${index}`, MONDAY_MS + index, { score: 0.5, label: "late", inputs: inputsOf(index) }),
    );
    await write({ predictions });

    const places = (await readInputPlaces(store, { key: KEY, window: WINDOW }))!;
    const parameters = windowParameters({ key: KEY, window: WINDOW });
    const from = `FROM prediction FINAL WHERE ${WINDOW_CONDITION} ORDER BY ts`;
    const cellsBy = async (placeOf: (name: string) => number | undefined) => {
      const cells = fields.map((field) => `toInt32(${valueCellSql(field, placeOf(field.name))})`).join();
      return store.query<{ cells: number[]; isUsual: number }>(
        `SELECT [${cells}] AS cells, toUInt8(${places.isUsual}) AS isUsual ${from}`,
        parameters,
      );
    };
    const byName = await cellsBy(() => undefined);
    const byPlace = await cellsBy((name) => places.placeOf(name));
    const readCells = createCellReader(fields, places);
    const reader = new RowReader(
      await store.queryRowBinary(`SELECT ${inputColumns(places).join()} ${from}`, parameters),
    );
    const read: number[][] = [];
    while (!reader.done) read.push([...readCells(reader)]);

    assert.deepEqual(
      read,
      byName.map(({ cells }) => cells),
    );
    assert.deepEqual(
      byPlace.filter(({ isUsual }) => isUsual === 1),
      byName.filter(({ isUsual }) => isUsual === 1),
    );
    const met = new Set(read.flat().map((cell) => Math.min(cell, CELL.outside)));
    for (const cell of Object.values(CELL)) assert.ok(met.has(cell), `cell ${cell} was not met`);
    assert.ok(byName.some(({ isUsual }) => isUsual === 0));
  },
);
