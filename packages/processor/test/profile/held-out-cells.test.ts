import assert from "node:assert/strict";
import { test } from "node:test";
import { seededUniform } from "@tidemark/stats";
import { listCategories } from "../../src/profile/category-list.ts";
import { heldOutCells } from "../../src/profile/held-out-cells.ts";

/** Names in the order of their numbers. */
const nameOf = (id: number) => String(id).padStart(6, "0");

function cellsOf(ids: Int32Array): { cells: Int32Array; named: number } {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(nameOf(id), (counts.get(nameOf(id)) ?? 0) + 1);
  const { categories, otherCategories } = listCategories(counts);
  const cellOf = new Map(
    [...categories, ...otherCategories].map((name, at) => [name, Math.min(at, categories.length)]),
  );
  const named = categories.length;
  return { cells: ids.map((id) => cellOf.get(nameOf(id)) ?? named + 1), named };
}

function drawn(rows: number, draw: (u: number) => number, seed = 1): Int32Array {
  const next = seededUniform(seed);
  return Int32Array.from({ length: rows }, () => draw(next()));
}

const share = (cells: Int32Array, is: (cell: number) => boolean) => cells.filter(is).length / cells.length;

test("of equal categories the first fifty hold what they will hold in later rows, not what they held by luck", () => {
  for (const categories of [60, 300, 1_000]) {
    const ids = drawn(10_000, (u) => Math.floor(u * categories));
    const { cells, named } = cellsOf(ids);
    const own = share(cells, (cell) => cell < named);
    const held = share(heldOutCells({ cells, ids, named }), (cell) => cell < named);
    const error = Math.sqrt(((50 / categories) * (1 - 50 / categories)) / 10_000);
    assert.ok(own > 50 / categories + 3 * error, `${categories}: the lists' own rows flatter them, ${own}`);
    assert.ok(Math.abs(held - 50 / categories) < 3 * error, `${categories}: ${held}`);
  }
});

test("rows are of an unseen category as often as later ones are", () => {
  const draw = (u: number) => Math.floor(5_000 * u ** 3);
  const ids = drawn(10_000, draw);
  const { cells, named } = cellsOf(ids);
  const known = new Set(ids.filter((_, row) => cells[row]! <= named));
  const later = drawn(10_000, draw, 2);
  const unseenLater = share(later, (id) => !known.has(id));
  const held = share(heldOutCells({ cells, ids, named }), (cell) => cell === named + 1);
  assert.ok(unseenLater > 0.05 && share(cells, (cell) => cell === named + 1) < unseenLater - 0.02);
  assert.ok(Math.abs(held - unseenLater) < 0.015, `${held}, later ${unseenLater}`);
});

test("categories that are clearly frequent keep their rows, and rows without a value have none", () => {
  const ids = drawn(10_000, (u) =>
    u < 0.1 ? -1 : u < 0.9 ? Math.floor(20 * ((u - 0.1) / 0.8) ** 2) : 1_000 + Math.floor(u * 100_000),
  );
  const { cells: all, named } = cellsOf(ids.filter((id) => id >= 0));
  const present = all[Symbol.iterator]();
  const cells = ids.map((id) => (id < 0 ? -1 : present.next().value!));
  const held = heldOutCells({ cells, ids, named });
  let [frequent, kept] = [0, 0];
  ids.forEach((id, row) => {
    if (id < 0) assert.equal(held[row], -1);
    else if (id < 20) {
      frequent++;
      if (held[row] === cells[row]) kept++;
    } else if (cells[row]! < named) assert.ok(held[row]! >= cells[row]!, "no other category gets the row");
  });
  assert.ok(frequent > 7_500 && kept > 0.99 * frequent, `${kept} of ${frequent}`);
});
