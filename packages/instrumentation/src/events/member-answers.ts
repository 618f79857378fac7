import { toEventNumber } from "@tidemark/semconv";
import { labelText } from "../record/label-text.ts";
import type { MemberPrediction } from "../record/record-types.ts";

/** Members of one prediction that its event tells; the processor refuses more. */
const MAX_MEMBERS = 32;

/**
 * What each member answered, by its name, as the ensemble's event carries it: its score, else its value, else its class.
 * A member without any, or whose number is not finite, is left out: it has not answered. Null where none has.
 */
export function memberAnswers(members: readonly MemberPrediction[]): Record<string, number | string> | null {
  let answers: Record<string, number | string> | null = null;
  for (let index = 0; index < members.length && index < MAX_MEMBERS; index++) {
    const { model, score, value, label } = members[index]!;
    const number = score ?? value;
    const answer =
      number === undefined || number === null
        ? labelText(label)
        : Number.isFinite(number)
          ? toEventNumber(number)
          : undefined;
    const name = typeof model === "string" ? model : model?.name;
    if (answer === undefined || !name) continue;
    answers ??= {};
    answers[name] = answer;
  }
  return answers;
}
