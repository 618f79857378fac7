import type { VectorSample } from "@tidemark/signals";
import { RowReader } from "../store/row-reader.ts";
import type { Store } from "../store/store.ts";
import { WINDOW_CONDITION, type WindowRequest, windowParameters } from "./window-request.ts";

/** Predictions of a window whose vectors are looked at. */
const MAX_ROWS = 2_000;
/** What is read beyond them, in standard deviations of how many hashes fall below a bound: almost never too little. */
const SLACK_DEVIATIONS = 6;
const HASHES = 2 ** 64;
const HIGHEST_HASH = "18446744073709551615";
const MS_PER_HOUR = 3_600_000;

/** A vector feature, as the profile has it. */
type VectorFeature = Pick<VectorSample, "name" | "dimension">;

/**
 * Vector features in at most 2,000 predictions of a window that carry inputs. They are the first by a hash of their ids
 * times their sampling probability: always the same ones, and each with a chance that makes up for how likely it was recorded, so that
 * all count the same. Nothing is read where there are no such features.
 */
export async function readVectorSamples(
  store: Store,
  request: Pick<WindowRequest, "key" | "window">,
  features: readonly VectorFeature[],
): Promise<VectorSample[]> {
  if (features.length === 0) return [];
  const parameters = { ...windowParameters(request), wanted: features.map(({ name }) => name) };
  const [found] = await store.query<{ least: number | null; effective: number; vectors: number }>(EXTENT, parameters);
  if (found?.least == null || found.vectors === 0) return features.map((feature) => sampleOf(feature, []));
  const { least, effective } = found;
  const readUpTo = async (share: number) => {
    const highest = share >= 1 ? HIGHEST_HASH : BigInt(Math.floor(share * HASHES)).toString();
    const reader = new RowReader(await store.queryRowBinary(ROWS, { ...parameters, least, highest, limit: MAX_ROWS }));
    const rows: VectorRow[] = [];
    while (!reader.done) rows.push(readRow(reader));
    return rows;
  };
  const wanted = MAX_ROWS + SLACK_DEVIATIONS * Math.sqrt(MAX_ROWS);
  const share = wanted / (effective * least);
  let rows = await readUpTo(share);
  if (share < 1 && rows.length < MAX_ROWS) rows = await readUpTo(1);
  return features.map((feature) => sampleOf(feature, rows));
}

interface VectorRow {
  readonly id: string;
  readonly hour: number;
  readonly vectors: ReadonlyMap<string, Float32Array>;
}

function readRow(reader: RowReader): VectorRow {
  const id = reader.string();
  const hour = Math.floor(reader.float64() / MS_PER_HOUR);
  const names = Array.from({ length: reader.length() }, () => reader.string());
  const values = Array.from({ length: reader.length() }, () => reader.float32s());
  return { id, hour, vectors: new Map(names.map((name, index) => [name, values[index]!])) };
}

function sampleOf({ name, dimension }: VectorFeature, sampled: readonly VectorRow[]): VectorSample {
  const vectors = sampled.map((row) => row.vectors.get(name));
  const states = vectors.map((vector) => stateOf(vector, dimension));
  const kept = sampled.filter((_, row) => states[row] === "valid");
  const values = new Float32Array(kept.length * dimension);
  kept.forEach((row, index) => {
    values.set(row.vectors.get(name)!, index * dimension);
  });
  const count = (state: VectorState) => states.filter((each) => each === state).length;
  return {
    name,
    dimension,
    rows: kept.length,
    values,
    ids: kept.map(({ id }) => id),
    hours: Int32Array.from(kept, ({ hour }) => hour),
    missing: count("missing"),
    wrongDimension: count("wrong_dimension"),
    nonFinite: count("non_finite"),
  };
}

type VectorState = "valid" | "missing" | "wrong_dimension" | "non_finite";

function stateOf(vector: Float32Array | undefined, dimension: number): VectorState {
  if (vector === undefined) return "missing";
  if (vector.length !== dimension) return "wrong_dimension";
  return vector.every(Number.isFinite) ? "valid" : "non_finite";
}

const WITH_INPUTS = `${WINDOW_CONDITION} AND notEmpty(input_names)`;

/** FINAL: what a later version of a record has replaced decides nothing, whether or not it is merged away yet. */
const EXTENT = `
  SELECT minOrNull(probability) AS least, toFloat64(countIf(has_vectors)) AS vectors,
    greatest(sumIf(1 / probability, has_vectors), sumIf(1 / probability, NOT has_vectors)) AS effective
  FROM (
    SELECT probability, true AS has_vectors FROM vector FINAL WHERE ${WINDOW_CONDITION}
    UNION ALL SELECT probability, false FROM prediction FINAL WHERE ${WITH_INPUTS}
  )`;

const HASH = "sipHash64(id)";
/** Uniform in [0, 1) where every record was sampled for certain; at probability p it must be p times as small to be as rare. */
const RANK = `${HASH} / ${HASHES}. * probability`;
const IN_SAMPLE = `${HASH} <= {highest:UInt64} AND ${RANK} < {least:Float64}`;
/** Others may be as long, and nobody looks at them. */
const IS_WANTED = "has({wanted:Array(String)}, name)";
/** A prediction without vectors adds nothing to its row, but makes it one. */
const ROWS = `
  SELECT id, toFloat64(toUnixTimestamp64Milli(ts)),
    CAST(groupArrayArray(names) AS Array(String)), groupArrayArray(values)
  FROM (
    SELECT id, ts, ${RANK} AS rank, arrayFilter(name -> ${IS_WANTED}, CAST(vector.names AS Array(String))) AS names,
      arrayFilter((_, name) -> ${IS_WANTED}, vector.values, vector.names) AS values
    FROM vector FINAL
    WHERE ${WINDOW_CONDITION} AND ${IN_SAMPLE}
    UNION ALL
    SELECT id, ts, ${RANK}, [], [] FROM prediction FINAL WHERE ${WITH_INPUTS} AND ${IN_SAMPLE}
  )
  GROUP BY rank, id, ts ORDER BY rank, id, ts LIMIT {limit:UInt32}`;
