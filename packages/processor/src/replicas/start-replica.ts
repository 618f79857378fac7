import { atMostEvery } from "../at-most-every.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { readKeyTimes } from "../evaluate/stored-evaluation.ts";
import type { EventTimes } from "../pipeline/event-times.ts";
import type { MonitoredModels } from "../pipeline/monitored-models.ts";
import type { Store } from "../store/store.ts";
import { fencedStore } from "./fenced-store.ts";
import { fencingGeneration } from "./fencing-generation.ts";
import type { CurrentMembership } from "./membership.ts";
import { ownedModels } from "./owned-models.ts";
import { createReplicaEvaluator } from "./replica-evaluator.ts";
import { VISIBLE_WITHIN_MS } from "./visible-within.ts";

export interface ReplicaStart {
  readonly store: Store;
  readonly models: MonitoredModels;
  readonly eventTimes: EventTimes;
  readonly membership: CurrentMembership;
  readonly now: () => number;
  /** An evaluator of these models that writes to this store. */
  readonly create: (store: Store, models: MonitoredModels) => Evaluator;
  /** Called before a new membership is judged by, with the generation that its rows bear. */
  readonly onTakeOver: (generation: number) => Promise<void>;
}

const REFRESH_MS = 1_000;

/** The evaluator of one of several replicas on a store. */
export function startReplica(options: ReplicaStart): Promise<Evaluator> {
  const { store, models, eventTimes, membership, now, create } = options;
  let refreshedMs = now();
  return createReplicaEvaluator({
    membership,
    async takeOver(taken) {
      if (taken === null) return create(store, models);
      const generation = await fencingGeneration(store, taken.generation);
      await options.onTakeOver(generation);
      return create(
        fencedStore(store, generation, () => membership() === taken),
        ownedModels(models, taken),
      );
    },
    refresh: atMostEvery(REFRESH_MS, async () => {
      const startedMs = now();
      eventTimes.restore(await readKeyTimes(store, refreshedMs - VISIBLE_WITHIN_MS));
      refreshedMs = startedMs;
    }),
  });
}
