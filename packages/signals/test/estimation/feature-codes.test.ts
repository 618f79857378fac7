import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProfileField } from "@tidemark/schema";
import { featureCodes } from "@tidemark/signals";

test("numeric bins are joined to eighths of the reference, with codes of their own below and above it", () => {
  // 16 bins of equal counts between the two that lie beyond the reference.
  const field = { kind: "numeric", counts: [0, ...Array.from({ length: 16 }, () => 10), 0] } as unknown as ProfileField;
  const { size, codeOfCell } = featureCodes(field);
  assert.equal(size, 11);
  assert.deepEqual([...codeOfCell], [9, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 10]);
});

test("a feature of two values has two codes for them", () => {
  const field = { kind: "numeric", counts: [0, 70, 30, 0] } as unknown as ProfileField;
  const { size, codeOfCell } = featureCodes(field);
  assert.equal(size, 5);
  assert.deepEqual([...codeOfCell], [3, 1, 2, 4]);
});

test("the 40 most frequent categories have codes, then other known ones, then unseen ones", () => {
  const categories = Array.from({ length: 45 }, (_, index) => `c${index}`);
  const { size, codeOfCell } = featureCodes({ kind: "categorical", categories } as unknown as ProfileField);
  assert.equal(size, 43);
  assert.deepEqual(
    [codeOfCell[0], codeOfCell[39], codeOfCell[40], codeOfCell[45], codeOfCell[46]],
    [1, 40, 41, 41, 42],
  );
});
