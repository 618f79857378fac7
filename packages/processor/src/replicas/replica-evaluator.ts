import type { Evaluator } from "../evaluate/evaluator.ts";
import { oneAtATime } from "../one-at-a-time.ts";
import { StaleOwnerError } from "./fenced-store.ts";
import type { CurrentMembership, Membership } from "./membership.ts";

export interface ReplicaOptions {
  readonly membership: CurrentMembership;
  /** An evaluator that judges what a membership owns, from what is stored; of nothing where there is none yet. */
  readonly takeOver: (membership: Membership | null) => Promise<Evaluator>;
  /** Takes up what other replicas stored since the last time. */
  readonly refresh: () => Promise<void>;
  /** A clock, in milliseconds, as memberships begin by. */
  readonly now?: () => number;
}

/**
 * From its beginning a membership waits this long before it judges: what an owner before had on its way to the store has
 * arrived by then, and is read.
 */
const GRACE_MS = 5_000;

/**
 * Judges what this replica owns while it owns it. Each membership begins with a new evaluator, so that nothing is
 * remembered of models that another replica has judged meanwhile.
 */
export async function createReplicaEvaluator(options: ReplicaOptions): Promise<Evaluator> {
  const { membership, takeOver, refresh, now = () => performance.now() } = options;
  let owner: Membership | null = null;
  let evaluator = await takeOver(null);
  let finished = false;

  const pass = oneAtATime(async (late: boolean): Promise<number> => {
    await refresh();
    const current = membership();
    if (current === null || now() - current.sinceMs < GRACE_MS) return 0;
    if (current !== owner) {
      evaluator = await takeOver(current);
      owner = current;
      if (finished) evaluator.finish();
    }
    try {
      return await evaluator.run({ late });
    } catch (error) {
      if (error instanceof StaleOwnerError) return 0;
      throw error;
    }
  });

  return {
    run: ({ late }) => pass(late),
    finish() {
      finished = true;
      evaluator.finish();
    },
    progress: () => evaluator.progress(),
  };
}
