import type { DeploymentRole, InputValue, OutcomeKind } from "@tidemark/schema";
import { resolvedOutcomes } from "./resolved-outcomes.ts";
import type { Store } from "./store.ts";

/** One stored prediction with the outcome known for its id. Times are ISO 8601 UTC. */
export interface StoredPrediction {
  readonly tenant: string;
  readonly model: string;
  readonly version: string;
  readonly role: DeploymentRole;
  readonly id: string;
  readonly time: string;
  readonly label: string | null;
  readonly score: number | null;
  readonly value: number | null;
  readonly samplingProbability: number;
  readonly traceId: string;
  readonly segments: readonly string[];
  readonly inputs: Readonly<Record<string, InputValue>>;
  /** Inputs that are vectors, by name; null for an element that is no finite number. Empty where the record has none. */
  readonly vectors: Readonly<Record<string, readonly (number | null)[]>>;
  /** Probability of each class, by class; null for what was no finite number. Empty where the record has none. */
  readonly probabilities: Readonly<Record<string, number | null>>;
  /** What each member of an ensemble answered, by name; null for no usable answer. Empty where the record has none. */
  readonly members: Readonly<Record<string, number | string | null>>;
  readonly outcome: {
    readonly time: string;
    readonly kind: OutcomeKind;
    readonly label: string | null;
    readonly value: number | null;
    readonly position: number | null;
  } | null;
}

/** Every prediction of a model with an id (one a version and role that answered), oldest first. */
export async function readPrediction(
  store: Store,
  key: { readonly tenant: string; readonly model: string; readonly id: string },
): Promise<StoredPrediction[]> {
  const parameters = { tenant: key.tenant, model: key.model, id: key.id };
  const rows = await store.query<PredictionRow>(PREDICTIONS, parameters);
  if (rows.length === 0) return [];
  const [outcome] = await store.query<NonNullable<StoredPrediction["outcome"]>>(OUTCOME, parameters);
  const answers = await store.query<AnswerRow>(ANSWERS, parameters);
  const probabilities = await store.query<ProbabilityRow>(PROBABILITIES, parameters);
  const vectors = await store.query<VectorRow>(VECTORS, parameters);
  return rows.map(({ names, kinds, numbers, texts, ...row }) => ({
    ...row,
    vectors: toNamed(vectors.find((each) => isOf(row, each))),
    probabilities: toNamed(probabilities.find((each) => isOf(row, each))),
    members: toMembers(answers.find((each) => isOf(row, each))),
    inputs: Object.fromEntries(names.map((name, index) => [name, toInput(kinds[index], numbers[index], texts[index])])),
    outcome: outcome ?? null,
  }));
}

/** With the id, what tells one prediction from another. */
type At = Pick<StoredPrediction, "version" | "role" | "time">;

function isOf(prediction: At, row: At): boolean {
  return prediction.version === row.version && prediction.role === row.role && prediction.time === row.time;
}

/** Named values beside a prediction. */
interface NamedRow<T> extends At {
  readonly names: readonly string[];
  readonly values: readonly T[];
}

type VectorRow = NamedRow<readonly (number | null)[]>;
type ProbabilityRow = NamedRow<number | null>;

function toNamed<T>(row: NamedRow<T> | undefined): Readonly<Record<string, T>> {
  return Object.fromEntries((row?.names ?? []).map((name, index) => [name, row!.values[index]!]));
}

interface AnswerRow extends At {
  readonly names: readonly string[];
  readonly numbers: readonly (number | null)[];
  readonly texts: readonly string[];
}

function toMembers(row: AnswerRow | undefined): StoredPrediction["members"] {
  const names = row?.names ?? [];
  return Object.fromEntries(names.map((name, index) => [name, row?.numbers[index] ?? (row?.texts[index] || null)]));
}

interface PredictionRow extends Omit<StoredPrediction, "inputs" | "vectors" | "probabilities" | "members" | "outcome"> {
  readonly names: readonly string[];
  readonly kinds: readonly string[];
  readonly numbers: readonly (number | null)[];
  readonly texts: readonly string[];
}

const ISO = "%Y-%m-%dT%H:%i:%S";
const TIME = `concat(formatDateTime(ts, '${ISO}'), '.', leftPad(toString(toUnixTimestamp64Milli(ts) % 1000), 3, '0'), 'Z') AS time`;
const ANSWERS = `
  SELECT version, role, ${TIME}, members AS names, numbers, texts
  FROM member_answer FINAL WHERE tenant = {tenant:String} AND model = {model:String} AND id = {id:String}`;
const PROBABILITIES = `
  SELECT version, role, ${TIME}, names, values
  FROM class_probability FINAL WHERE tenant = {tenant:String} AND model = {model:String} AND id = {id:String}`;
/** The table is in the order of this hash. */
const VECTORS = `
  SELECT version, role, ${TIME}, names, values
  FROM vector FINAL WHERE tenant = {tenant:String} AND model = {model:String} AND id = {id:String} AND sipHash64(id) = sipHash64({id:String})`;
const PREDICTIONS = `
  SELECT tenant, model, version, role, id, ${TIME},
    label, score, value, probability AS samplingProbability, trace_id AS traceId, segments,
    input_names AS names, input_kinds AS kinds, input_numbers AS numbers, input_texts AS texts
  FROM prediction FINAL WHERE tenant = {tenant:String} AND model = {model:String} AND id = {id:String}
  ORDER BY ts, version, role`;
const OUTCOME = `
  SELECT concat(formatDateTime(ots, '${ISO}'), '.', leftPad(toString(toUnixTimestamp64Milli(ots) % 1000), 3, '0'), 'Z') AS time, kind, label, value, position
  FROM (${resolvedOutcomes("tenant = {tenant:String} AND model = {model:String} AND id = {id:String}")})`;

/** A number that JSON cannot carry (NaN, an infinity) reads as null. */
function toInput(kind: string | undefined, number: number | null | undefined, text: string | undefined): InputValue {
  if (kind === "number") return number ?? null;
  if (kind === "boolean") return text === "true";
  return kind === "string" ? (text ?? "") : null;
}
