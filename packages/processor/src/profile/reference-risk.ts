import type { Profile, ReferenceRisk, SegmentRisk } from "@tidemark/schema";
import { taskLoss } from "@tidemark/signals";
import { RowDependence } from "@tidemark/stats";
import { MAX_SEGMENT_VALUES } from "../aggregate/segment-groups.ts";
import type { EngineSession } from "../store/engine-session.ts";
import type { FieldColumn, SegmentColumn } from "./build-options.ts";
import type { DataFile } from "./data-file.ts";
import { ROW_STATE } from "./load-rows.ts";
import { readReferenceOutcomes } from "./reference-outcomes.ts";

/** Rows of a segment's value below which its reference says too little to hold anything against. */
const MINIMUM_ROWS = 100;

export interface RiskScope {
  /** With its performance, which sets the cap of an absolute error. */
  readonly profile: Omit<Profile, "id">;
  /** Columns, beside the categorical features, by whose values the loss is told apart too. */
  readonly segments: readonly string[];
}

/**
 * The model's loss on the reference rows with an outcome, as a whole and by segment, and from the means of their days how much
 * the rows depend on each other. Null where the task has no loss or fewer than two rows can be scored.
 */
export async function referenceRisk(
  session: EngineSession,
  file: DataFile,
  columns: readonly FieldColumn[],
  { profile, segments }: RiskScope,
): Promise<ReferenceRisk | null> {
  const loss = taskLoss(profile, {});
  if (loss === null) return null;
  const named = segmentColumns(columns, segments);
  const all = new DaySums();
  const values = named.map(() => new Map<string, DaySums>());
  for (const group of await readReferenceOutcomes(session, file, columns, { byDay: true, segments: named })) {
    const each = loss.of(group, group);
    if (each === null) continue;
    all.add(group.day, group.count, each);
    group.segments.forEach((value, index) => {
      if (value === "") return;
      const own = values[index]!.get(value) ?? new DaySums();
      values[index]!.set(value, own);
      own.add(group.day, group.count, each);
    });
  }
  const whole = all.moments();
  if (whole.rows < 2) return null;
  const bySegment = named.flatMap(({ name }, index) => largestOf(name, values[index]!));
  return {
    loss: loss.name,
    cap: loss.cap,
    ...whole,
    ...(bySegment.length === 0 ? {} : { segments: bySegment }),
  };
}

/** Categorical features, and the columns that are asked for besides. */
function segmentColumns(columns: readonly FieldColumn[], segments: readonly string[]): SegmentColumn[] {
  const features = columns.flatMap(({ target, kind, name }, index): SegmentColumn[] => {
    if (target !== "feature" || kind !== "categorical" || segments.includes(name)) return [];
    return [{ name, sql: `if(s${index} = ${ROW_STATE.valid}, f${index}, '')` }];
  });
  return [...features, ...segments.map((name, index) => ({ name, sql: `g${index}` }))];
}

/** The most frequent values, in ascending order. */
function largestOf(name: string, values: ReadonlyMap<string, DaySums>): SegmentRisk[] {
  return [...values]
    .map(([value, sums]) => ({ name, value, ...sums.moments() }))
    .filter(({ rows }) => rows >= MINIMUM_ROWS)
    .sort((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1))
    .slice(0, MAX_SEGMENT_VALUES)
    .sort((a, b) => (a.value < b.value ? -1 : 1));
}

/** Losses of rows that come in order of their days. */
class DaySums {
  #rows = 0;
  #sum = 0;
  #squares = 0;
  #day: { readonly at: number; count: number; sum: number; squares: number } | null = null;
  readonly #dependence = new RowDependence();

  add(day: number, count: number, loss: number): void {
    if (this.#day?.at !== day) {
      this.#close();
      this.#day = { at: day, count: 0, sum: 0, squares: 0 };
    }
    this.#day!.count += count;
    this.#day!.sum += count * loss;
    this.#day!.squares += count * loss * loss;
  }

  /** Of all rows; none can be added after. */
  moments(): Pick<ReferenceRisk, "rows" | "mean" | "meanSquare" | "rowsPerIndependent"> {
    this.#close();
    const rows = this.#rows;
    return {
      rows,
      mean: this.#sum / rows,
      meanSquare: this.#squares / rows,
      rowsPerIndependent: this.#dependence.current(),
    };
  }

  #close(): void {
    if (this.#day === null) return;
    const { count, sum, squares } = this.#day;
    this.#dependence.update({ count, mean: sum / count, meanSquare: squares / count });
    this.#rows += count;
    this.#sum += sum;
    this.#squares += squares;
    this.#day = null;
  }
}
