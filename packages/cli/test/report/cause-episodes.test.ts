import assert from "node:assert/strict";
import { it } from "node:test";
import type { CauseKind, Incident } from "@tidemark/schema";
import { causeEpisodes } from "../../src/report/cause-episodes.ts";

interface Sketch {
  readonly target: string;
  readonly cause: CauseKind;
  /** First and last week that was not ok. */
  readonly weeks: readonly [first: number, last: number];
  readonly state?: Incident["state"];
  readonly open?: boolean;
}

it("incidents of one cause that overlap or touch are one episode; a gap makes two", () => {
  const episodes = causeEpisodes([
    incident({ target: "score", cause: "nulls", weeks: [2, 3] }),
    incident({ target: "origin", cause: "nulls", weeks: [1, 2] }),
    incident({ target: "accuracy", cause: "nulls", weeks: [4, 4] }),
    incident({ target: "origin", cause: "nulls", weeks: [8, 8] }),
  ]);
  assert.deepEqual(
    episodes.map(({ incidents }) => incidents.map(({ target }) => target.name)),
    [["origin", "score", "accuracy"], ["origin"]],
  );
  assert.equal(episodes[0]?.start, week(1));
  assert.equal(episodes[0]?.end, week(5));
});

it("the worst state leads, then what would explain the rest, then what is open, then what touched most, then the newest", () => {
  const episodes = causeEpisodes([
    incident({ target: "small", cause: "covariate_shift", weeks: [9, 9] }),
    incident({ target: "newer", cause: "covariate_shift", weeks: [12, 12] }),
    incident({ target: "long", cause: "covariate_shift", weeks: [2, 6] }),
    incident({ target: "open", cause: "covariate_shift", weeks: [15, 15], open: true }),
    incident({ target: "unit", cause: "unit_change", weeks: [20, 20] }),
    incident({ target: "grave", cause: "unknown", weeks: [22, 22], state: "critical" }),
  ]);
  const names = episodes.map(({ incidents }) => incidents[0]?.target.name);
  assert.deepEqual(names, ["grave", "unit", "open", "long", "newer", "small"]);
});

it("windows of different lengths are different episodes", () => {
  const daily = { ...incident({ target: "score", cause: "nulls", weeks: [1, 1] }), windowName: "24h" };
  assert.equal(causeEpisodes([daily, incident({ target: "score", cause: "nulls", weeks: [1, 1] })]).length, 2);
});

function incident({ target, cause, weeks: [first, last], state = "warning", open = false }: Sketch): Incident {
  const windows = Array.from({ length: last - first + 1 }, (_, index) => ({
    window: { name: "7d", start: week(first + index), end: week(first + index + 1) },
  }));
  return {
    id: target,
    tenant: "default",
    model: "m",
    version: "1",
    role: "champion",
    signal: "drift",
    target: { kind: "feature", name: target },
    windowName: "7d",
    state,
    open,
    firstCause: { kind: cause, target: "origin", explanation: "why" },
    // Only the windows' times matter here.
    windows: windows as Incident["windows"],
  };
}

function week(index: number): string {
  return new Date(Date.UTC(2001, 0, 1) + index * 7 * 86_400_000).toISOString();
}
