import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadPredict } from "../../src/attribution/load-predict.ts";
import { permutationImportance } from "../../src/attribution/permutation-importance.ts";
import { readInputRows } from "../../src/attribution/read-input-rows.ts";

test("a linear model's importances follow its weights, from the rows of a file and the model of a module", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-attribution-"));
  try {
    const lines = Array.from({ length: 3_000 }, (_, at) =>
      JSON.stringify({
        id: `${at}`,
        time: "2026-01-05T00:00:00Z",
        a: (at * 7) % 101,
        b: (at * 13) % 101,
        c: at % 2 ? "x" : "y",
      }),
    );
    await writeFile(join(folder, "rows.jsonl"), lines.join("\n"));
    await writeFile(join(folder, "model.mjs"), "export default (rows) => rows.map(({ a, b }) => 3 * a + b);");
    await writeFile(join(folder, "none.mjs"), "export const a = 1;");
    const rows = await readInputRows(join(folder, "rows.jsonl"), 1_000);
    assert.equal(rows.length, 1_000);
    const found = await permutationImportance(rows, await loadPredict(join(folder, "model.mjs")));
    // Mean distance of two uniform numbers from 0 to 100 is a third of the range.
    assert.ok(Math.abs(found["a"]! - 100) < 6, `${found["a"]}`);
    assert.ok(Math.abs(found["b"]! - 100 / 3) < 3, `${found["b"]}`);
    assert.equal(found["c"], 0);
    await assert.rejects(loadPredict(join(folder, "none.mjs")), /no function as its default export/);
    await assert.rejects(
      permutationImportance(rows, () => [1]),
      /answered 1000 rows with 1 numbers/,
    );
    await assert.rejects(
      permutationImportance([{ a: 1 }, { a: 2 }], () => [1, Number.NaN]),
      /row 1 with NaN/,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
