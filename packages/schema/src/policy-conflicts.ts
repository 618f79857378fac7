import type { ActionConfig, PolicyStep, ResponderPolicy } from "./responder-config.ts";

/** A problem of several policies, or of a policy with itself, at a path below `policies`. */
export interface PolicyConflict {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

interface Move {
  readonly policy: number;
  readonly step: number;
  readonly undo: boolean;
  /** What is moved, and to where. */
  readonly lever: string;
  readonly position: string;
}

/**
 * Policies that could work against each other or take their own effect for a new fault:
 * two policies about the same model and signal that set one flag or one traffic split to different positions, or of which
 * one takes back what the other has set; and a step that takes traffic away and would be taken again because the version
 * it took it from is silent now. Actions of other kinds tell a target that decides for itself.
 */
export function policyConflicts(
  policies: readonly ResponderPolicy[],
  actions: Readonly<Record<string, ActionConfig>>,
): PolicyConflict[] {
  const moves = policies.flatMap((policy, index) => movesOf(policy, index, actions));
  return [...moves.flatMap((move) => againstEarlier(move, moves, policies)), ...policies.flatMap(loopsOf(actions))];
}

function movesOf({ steps }: ResponderPolicy, policy: number, actions: Readonly<Record<string, ActionConfig>>): Move[] {
  return steps.flatMap(({ action, undo }, step) => {
    const lever = leverOf(actions[action]);
    return lever === null ? [] : [{ policy, step, undo, ...lever }];
  });
}

/** What an action moves; null where it moves nothing that is known here. */
function leverOf(action: ActionConfig | undefined): Pick<Move, "lever" | "position"> | null {
  if (action?.type === "flag") return { lever: `the flag ${action.flag}`, position: action.variant };
  if (action?.type !== "kubernetes") return null;
  const { resource, namespace, name, patch } = action;
  return { lever: `${resource} ${namespace}/${name}`, position: JSON.stringify(patch) };
}

function againstEarlier(move: Move, moves: readonly Move[], policies: readonly ResponderPolicy[]): PolicyConflict[] {
  const other = moves.find(
    (earlier) =>
      earlier.policy < move.policy &&
      earlier.lever === move.lever &&
      (earlier.position !== move.position || earlier.undo !== move.undo) &&
      isAboutTheSame(policies[earlier.policy]!, policies[move.policy]!),
  );
  if (other === undefined) return [];
  const { name } = policies[other.policy]!;
  const how = other.position === move.position ? "take back what the other has set on" : "set to another position";
  const message = `it and the policy "${name}" may both answer one case, and would ${how} ${move.lever}; give them other models or signals, or make one policy of them`;
  return [{ path: [move.policy, "steps", move.step, "action"], message }];
}

function isAboutTheSame(one: ResponderPolicy, other: ResponderPolicy): boolean {
  const isModel =
    one.models.includes("*") || other.models.includes("*") || one.models.some((model) => other.models.includes(model));
  return isModel && one.signals.some((signal) => other.signals.includes(signal));
}

function loopsOf(actions: Readonly<Record<string, ActionConfig>>) {
  return ({ steps }: ResponderPolicy, policy: number): PolicyConflict[] =>
    steps.flatMap((step, index) => {
      if (leverOf(actions[step.action]) === null || !answersSilence(step)) return [];
      const message =
        'a version that traffic was taken from falls silent, and the step would answer its own effect; add "silence"';
      return [{ path: [policy, "steps", index, "unlessCause"], message }];
    });
}

function answersSilence({ states, unlessCause }: PolicyStep): boolean {
  return states.includes("no_data") && !unlessCause.includes("silence");
}
