import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { mergeByMap, rareBinMap } from "@tidemark/stats";

describe("rareBinMap", () => {
  const rows: [string, Parameters<typeof rareBinMap>, number[]][] = [
    [
      "joins rare numeric bins with the next until they hold 10 rows",
      [[4, 3, 5, 20, 2, 9], "numeric"],
      [0, 0, 0, 1, 2, 2],
    ],
    ["joins a short numeric remainder with the last bin", [[20, 20, 3, 4], "numeric"], [0, 1, 1, 1]],
    ["gives one bin where no numeric bin holds enough", [[1, 2, 3], "numeric"], [0, 0, 0]],
    ["puts rare categories and never-seen ones into one last bin", [[50, 4, 30, 9, 0], "categorical"], [0, 2, 1, 2, 2]],
    ["leaves categories alone where none is rare", [[50, 10, 30], "categorical"], [0, 1, 2]],
    ["keeps a bin for never-seen categories beside a constant one", [[500, 0], "categorical"], [0, 1]],
  ];
  for (const [behaviour, input, want] of rows) {
    it(behaviour, () => assert.deepEqual(rareBinMap(...input), want));
  }
});

describe("mergeByMap", () => {
  it("sums counts by their target", () => {
    assert.deepEqual(mergeByMap([50, 4, 30, 9, 1], [0, 2, 1, 2, 2]), [50, 30, 14]);
    assert.deepEqual(mergeByMap([], []), []);
  });

  it("names the lengths that differ", () => {
    assert.throws(() => mergeByMap([1, 2], [0]), /counts has 2 bins, map has 1/);
  });
});
