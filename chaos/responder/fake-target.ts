import { OutcomeUnknown, type Reach } from "@tidemark/responder";

/** One request that reached the target, and so may have changed something. */
export interface Reached {
  readonly key: string;
  readonly atMs: number;
  readonly isUndo: boolean;
}

/** What a target does with a request: it may die with the caller before or after it did it. */
export type TargetMood = "answers" | "fails" | "hangs" | "refuses" | "caller_dies_before" | "caller_dies_after";

export interface FakeTarget {
  readonly reached: readonly Reached[];
  /** The way to it of one replica; `die` ends that replica. */
  reachOf(die: () => never): Reach;
}

/** What the patches of chaos-config.ts leave behind. */
const PATCHED = { spec: { weight: 0 } };

/** A target with moods, which remembers every request that came through to it. */
export function createFakeTarget(nextMood: () => TargetMood, now: () => number): FakeTarget {
  const reached: Reached[] = [];
  return {
    reached,
    reachOf: (die) => async (_url, init) => {
      const mood = nextMood();
      if (mood === "refuses") throw new Error("the target cannot be reached");
      if (mood === "caller_dies_before") die();
      // A look at what is there before it is taken back: it changes nothing.
      if (init.method === "GET")
        return new Response(JSON.stringify(PATCHED), { status: mood === "answers" ? 200 : 500 });
      const key = keyOf(init);
      reached.push({ key: key.replace(/-undo$/, ""), atMs: now(), isUndo: key.endsWith("-undo") });
      if (mood === "caller_dies_after") die();
      if (mood === "hangs") throw new OutcomeUnknown("no answer came");
      return new Response(mood === "fails" ? "broken" : "ok", { status: mood === "fails" ? 500 : 200 });
    },
  };
}

function keyOf({ headers, body }: RequestInit): string {
  const key = new Headers(headers).get("idempotency-key");
  if (key !== null) return key;
  const patch = JSON.parse(String(body)) as { metadata: { annotations: Record<string, string> } };
  return patch.metadata.annotations["tidemark.dev/action"]!;
}
