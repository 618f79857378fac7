import { DEPLOYMENT_ROLES, type DeploymentRole, type InputValue } from "@tidemark/schema";
import { attr, fromEventNumber, MAX_PROBABILITY_CLASSES } from "@tidemark/semconv";
import { type AttributeValue, describeValue, MAX_ATTRIBUTES, MAX_INPUTS } from "../attribute-value.ts";
import { type DecodeContext, describeTime, isAcceptedTime } from "../decode-context.ts";
import type { RecordDraft, RecordKey } from "./record-draft.ts";
import type { Problem } from "./rejections.ts";

/** Longest model name, version, id, label or segment, in UTF-16 code units. */
export const MAX_TEXT_LENGTH = 256;

/** Members of one ensemble. */
const MAX_MEMBERS = 32;

/**
 * Takes checked fields out of a draft. The first field that is not what it should be sets `problem`, and the
 * caller refuses the record; what the getters return is then without meaning.
 */
export class RecordFields {
  problem: Problem | null = null;
  private readonly draft: RecordDraft;

  constructor(draft: RecordDraft) {
    this.draft = draft;
  }

  /** Forgets the previous record's problem and checks the limits of the new one. */
  begin(): void {
    this.problem = null;
    const { attributeCount } = this.draft;
    if (attributeCount > MAX_ATTRIBUTES) {
      this.refuse("too_many_attributes", `${attributeCount} attributes; expected at most ${MAX_ATTRIBUTES}`);
    }
  }

  refuse(reason: string, example: string): void {
    this.problem ??= { reason, example };
  }

  /** time_unix_nano, else observed_time_unix_nano, inside the accepted window. */
  time(context: DecodeContext): bigint {
    const time = this.draft.timeUnixNano !== 0n ? this.draft.timeUnixNano : this.draft.observedUnixNano;
    if (time === 0n)
      this.refuse(
        "time_missing",
        "time_unix_nano is 0 and observed_time_unix_nano too; expected the time of the event",
      );
    else if (!isAcceptedTime(time, context))
      this.refuse("time_outside_window", outsideWindow("time_unix_nano", time, context));
    return time;
  }

  /** Text that must be there. `missing` is the reason where it is not. */
  requiredText(key: RecordKey, missing: string): string {
    const text = this.optionalText(key);
    if (text === null || text === "") {
      this.refuse(missing, `${key} is ${text === null ? "missing" : "empty"}; expected a text`);
      return "";
    }
    return text;
  }

  optionalText(key: RecordKey): string | null {
    const value = this.draft.value(key);
    if (value === undefined || value === null) return null;
    if (typeof value !== "string") return this.wrongType(key, value, "a string");
    if (value.length > MAX_TEXT_LENGTH) {
      this.refuse("text_too_long", `${key} has ${value.length} characters; expected at most ${MAX_TEXT_LENGTH}`);
    }
    return value;
  }

  /** A finite double or integer, or null where absent. */
  optionalNumber(key: RecordKey): number | null {
    const value = numberOr(this.draft.value(key));
    if (value === undefined || value === null) return null;
    if (typeof value === "bigint") return Number(value);
    if (typeof value !== "number") return this.wrongType(key, value, "a double or an int");
    if (!Number.isFinite(value)) this.refuse("not_finite", `${key} is ${value}; expected a finite number`);
    return value;
  }

  /** Inclusion probability; 1 where absent. */
  samplingProbability(): number {
    const probability = this.optionalNumber(attr.samplingProbability) ?? 1;
    if (!(probability > 0 && probability <= 1)) {
      this.refuse(
        "sampling_probability_out_of_range",
        `${attr.samplingProbability} is ${probability}; expected a number in (0, 1]`,
      );
    }
    return probability;
  }

  /** Champion where absent. */
  role(): DeploymentRole {
    const role = this.optionalText(attr.deploymentRole);
    if (role === null || role === "") return "champion";
    if (isRole(role)) return role;
    this.refuse(
      "unknown_role",
      `${attr.deploymentRole} is ${describeValue(role)}; expected one of ${DEPLOYMENT_ROLES.join(", ")}`,
    );
    return "champion";
  }

  inputs(): Record<string, InputValue> {
    const { inputs, inputsValue } = this.draft;
    if (inputsValue !== undefined && inputsValue !== null)
      this.wrongType(attr.inferenceInputs, inputsValue, "a map of name to value");
    if (inputs === null) return {};
    if (inputs.nested !== null) {
      this.refuse(
        "nested_input",
        `${attr.inferenceInputs}["${inputs.nested.slice(0, 40)}"] is a map; expected a number, string or boolean`,
      );
    }
    if (inputs.count > MAX_INPUTS) {
      this.refuse(
        "too_many_inputs",
        `${attr.inferenceInputs} has ${inputs.count} entries; expected at most ${MAX_INPUTS}`,
      );
    }
    return inputs.values;
  }

  /** Inputs that are vectors, by name; null where there are none. */
  vectors(): Record<string, Float32Array> | null {
    const vectors = this.draft.inputs?.vectors ?? null;
    return vectors === null ? null : Object.fromEntries(vectors);
  }

  /** Attributions by feature; null where absent. What is no finite number is refused, as one wrong share makes all of them wrong. */
  attributions(): Record<string, number> | null {
    const value = this.draft.value(attr.inferenceAttributions);
    if (value === undefined || value === null) return null;
    if (!(value instanceof Map)) return this.wrongType(attr.inferenceAttributions, value, "a map of name to number");
    const told = [...value].map(([name, each]) => [name, numberOr(each)] as const);
    const entries = told.map(([name, each]): [string, number] => [name, each === null ? 0 : Number(each)]);
    if (entries.length > MAX_INPUTS) {
      this.refuse(
        "too_many_inputs",
        `${attr.inferenceAttributions} has ${entries.length} entries; expected at most ${MAX_INPUTS}`,
      );
    }
    const odd = told.find(
      ([, each]) => each !== null && typeof each !== "bigint" && !(typeof each === "number" && Number.isFinite(each)),
    );
    if (odd !== undefined) {
      this.refuse("not_finite", `${attr.inferenceAttributions}["${odd[0].slice(0, 40)}"] is no finite number`);
    }
    return Object.fromEntries(entries);
  }

  /**
   * Probabilities by class; null where absent, no map, or of too many classes. What is no finite number is kept as NaN: the window counts it,
   * and the prediction itself counts.
   */
  probabilities(): Record<string, number> | null {
    const value = this.draft.value(attr.predictionProbabilities);
    if (!(value instanceof Map) || value.size === 0 || value.size > MAX_PROBABILITY_CLASSES) return null;
    return Object.fromEntries([...value].map(([name, each]) => [name, toFinite(each)]));
  }

  /**
   * Answers of an ensemble's members by name; null where absent. An answer that is neither a finite number nor a text is
   * kept as null: that member has not answered, and the prediction itself counts.
   */
  memberAnswers(): Record<string, number | string | null> | null {
    const key = attr.ensembleAnswers;
    const value = this.draft.value(key);
    if (value === undefined || value === null) return null;
    if (!(value instanceof Map)) return this.wrongType(key, value, "a map of member to number or text");
    if (value.size > MAX_MEMBERS) {
      this.refuse("too_many_members", `${key} has ${value.size} entries; expected at most ${MAX_MEMBERS}`);
    }
    const answers: [string, number | string | null][] = [];
    for (const [name, each] of value) {
      if (name.length > MAX_TEXT_LENGTH || (typeof each === "string" && each.length > MAX_TEXT_LENGTH)) {
        this.refuse("text_too_long", `${key} has a name or class of more than ${MAX_TEXT_LENGTH} characters`);
      }
      answers.push([name, toAnswer(each)]);
    }
    return Object.fromEntries(answers);
  }

  /** Segment values by name, from a pair of strings or from two arrays of strings of one length. */
  segments(): Record<string, string> {
    const names = this.draft.value(attr.segmentName) ?? null;
    const values = this.draft.value(attr.segmentValue) ?? null;
    if (names === null && values === null) return {};
    const nameList = toTexts(names);
    const valueList = toTexts(values);
    if (nameList === null || valueList === null || nameList.length !== valueList.length) {
      this.refuse(
        "segment_malformed",
        `${attr.segmentName} is ${describeValue(names)} and ${attr.segmentValue} is ${describeValue(values)}; ` +
          `expected two strings of at most ${MAX_TEXT_LENGTH} characters, or two arrays of them of one length`,
      );
      return {};
    }
    return Object.fromEntries(nameList.map((name, index) => [name, valueList[index]!]));
  }

  private wrongType(key: string, value: AttributeValue, expected: string): null {
    this.refuse("wrong_type", `${key} is ${describeValue(value)}; expected ${expected}`);
    return null;
  }
}

/** The number that a text stands for as a service sends large ones; any other value as it is. */
function numberOr<T extends AttributeValue | undefined>(value: T): T | number {
  return typeof value === "string" ? (fromEventNumber(value) ?? value) : value;
}

function toFinite(told: AttributeValue): number {
  const value = numberOr(told);
  const number = typeof value === "bigint" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : Number.NaN;
}

function toAnswer(told: AttributeValue): number | string | null {
  const value = numberOr(told);
  if (typeof value === "string") return value;
  const number = typeof value === "bigint" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

/** The sentence about a time that is not accepted. */
export function outsideWindow(field: string, time: bigint, context: DecodeContext): string {
  const from = describeTime(context.acceptFromUnixNano);
  return `${field} is ${describeTime(time)}; expected a time from ${from} to ${describeTime(context.acceptToUnixNano)}`;
}

function isRole(role: string): role is DeploymentRole {
  return (DEPLOYMENT_ROLES as readonly string[]).includes(role);
}

function toTexts(value: AttributeValue): readonly string[] | null {
  const items: readonly AttributeValue[] = Array.isArray(value) ? value : [value];
  const texts = items.filter((item): item is string => typeof item === "string" && item.length <= MAX_TEXT_LENGTH);
  return texts.length === items.length ? texts : null;
}
