import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import type { TidemarkOptions } from "@tidemark/instrumentation";
import { createHarness, type Harness, PROFILE, pointValue } from "../harness.ts";
import { startProfileServer } from "../profile/profile-server.ts";

const DESCRIPTION = {
  name: "flights",
  version: "1",
  features: { distance: "numeric", origin: "categorical" },
  events: { inputs: { distance: "bucket" } },
} as const;
const INPUTS = { distance: 700, origin: "ATL" };

/** A service whose processor answers once `release` is called. */
async function start(context: TestContext, options: TidemarkOptions = {}) {
  let isReady = false;
  const server = await startProfileServer(() => (isReady ? PROFILE : 503));
  context.after(server.close);
  let nowMs = 1_000_000;
  const harness = createHarness({ profiles: { processorUrl: server.url }, now: () => nowMs, ...options });
  return {
    harness,
    release: () => {
      isReady = true;
    },
    later: () => {
      nowMs += 10_000;
    },
  };
}

const histogramOf = (points: Awaited<ReturnType<Harness["points"]>>) =>
  points.filter(
    ({ metric, attributes }) => metric === "ml.feature.value" && attributes["ml.feature.name"] === "distance",
  );

/** Records until the profile has come, which a bucketed event shows. */
async function untilProfiled({ tidemark, events }: Harness): Promise<void> {
  const model = tidemark.describeModel(DESCRIPTION);
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline) {
    model.record({ inputs: INPUTS });
    if (events().at(-1)?.attributes["ml.inference.inputs"] !== undefined) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.fail("the profile did not come");
}

describe("a service whose profile is fetched", () => {
  for (const temporality of ["cumulative", "delta"] as const) {
    it(`serves and discovers without it, then counts anew on its boundaries, in ${temporality}`, async (context) => {
      const { harness, release, later } = await start(context, { temporality });
      const model = harness.tidemark.describeModel(DESCRIPTION);
      model.record({ inputs: INPUTS });
      later();
      const [discovered] = histogramOf(await harness.points());
      assert.ok("scale" in (discovered!.value as object));

      let finish = () => {};
      const pending = model.predict(INPUTS, () => new Promise<void>((resolve) => (finish = resolve)));
      model.record({ inputs: INPUTS });
      later();
      release();
      await untilProfiled(harness);
      later();
      const points = await harness.points();
      const before = histogramOf(points).find(({ value }) => "scale" in (value as object));
      const after = histogramOf(points).find(({ value }) => "buckets" in (value as object));
      assert.deepEqual((after!.value as { buckets: { boundaries: number[] } }).buckets.boundaries, [100, 500, 1_000]);
      // One ends where the other begins, and together they counted everything.
      assert.deepEqual(before!.endTime, after!.startTime);
      const counted = histogramOf(points).reduce((sum, { value }) => sum + (value as { count: number }).count, 0);
      const sent = harness.events().length;
      assert.equal(counted, temporality === "cumulative" ? sent : sent - 1);
      assert.equal(pointValue(points, "ml.inference.active"), 1);

      finish();
      await pending;
      later();
      const last = await harness.points();
      assert.equal(histogramOf(last).length, 1, "what came before is collected once");
      assert.equal(pointValue(last, "ml.inference.active"), 0);
    });
  }

  it("keeps a profile that the description names", async (context) => {
    const { harness, release } = await start(context);
    release();
    const model = harness.tidemark.describeModel({ ...DESCRIPTION, profile: PROFILE });
    model.record({ inputs: INPUTS });
    assert.ok("buckets" in (histogramOf(await harness.points())[0]!.value as object));
  });

  it("takes the features of the profile where none are declared", async (context) => {
    const { harness, release } = await start(context);
    release();
    const { features: _, ...description } = DESCRIPTION;
    const model = harness.tidemark.describeModel(description);
    const deadline = performance.now() + 10_000;
    let points: Awaited<ReturnType<Harness["points"]>> = [];
    while (histogramOf(points).length === 0 && performance.now() < deadline) {
      model.record({ inputs: INPUTS });
      points = await harness.points();
    }
    assert.equal(histogramOf(points).length, 1);
  });
});
