import { OTHER_CATEGORY } from "@tidemark/semconv";
import type { OutcomeGroup, SegmentOutcomes } from "@tidemark/signals";
import { quoteText } from "../store/quote.ts";

/** Values of one segment that are told apart for their rows, beside those that the reference knows; the rest are one. */
export const MAX_SEGMENT_VALUES = 20;
const UNKNOWN = "";

/**
 * SQL of a record's value of a segment: as declared on the record, else the input of that name, else empty. Column names are
 * the prediction table's.
 */
export function segmentValueSql(name: string): string {
  const prefix = quoteText(`${name}=`);
  const declared = `arrayFirst(each -> startsWith(each, ${prefix}), segments)`;
  const at = `indexOf(input_names, ${quoteText(name)})`;
  return `multiIf(${declared} != '', substring(toString(${declared}), length(${prefix}) + 1), ${at} = 0, '',
    input_kinds[${at}] = 'number', toString(input_numbers[${at}]), toString(input_texts[${at}]))`;
}

type Row = Omit<OutcomeGroup, "weight"> & { readonly probability: number };
type Growing = { -readonly [K in keyof OutcomeGroup]: OutcomeGroup[K] };

/** Gathers rows by segment, in the order in which they come. */
export class SegmentGroups {
  private readonly byName: readonly { readonly name: string; readonly values: Map<string, Growing[]> }[];

  private readonly known: ReadonlySet<string>;

  /** @param known Values that are told apart however few rows they have: what is added up over windows must not come and go with them. */
  constructor(names: readonly string[], known: readonly { readonly name: string; readonly value: string }[] = []) {
    this.byName = names.map((name) => ({ name, values: new Map() }));
    this.known = new Set(known.map(keyOf));
  }

  /** `values`: the row's value of each segment, in the order of the names. A row without a value is in no segment. */
  add(values: readonly string[], row: Row): void {
    this.byName.forEach(({ values: groups }, index) => {
      const value = values[index]!;
      if (value === UNKNOWN) return;
      const { probability, count: _count, ...rest } = row;
      const group = { ...rest, weight: 1 / probability, count: 1 };
      const known = groups.get(value);
      if (known === undefined) groups.set(value, [group]);
      else known.push(group);
    });
  }

  /** By name in the order given, then by value; the known values and the twenty largest, and the rest as one. */
  list(): SegmentOutcomes[] {
    return this.byName.flatMap(({ name, values }) => {
      const largest = [...values].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
      const isKept = largest.map(([value], at) => at < MAX_SEGMENT_VALUES || this.known.has(keyOf({ name, value })));
      const kept = largest.filter((_, at) => isKept[at]).map(([value, labelled]) => ({ name, value, labelled }));
      const rest = largest.filter((_, at) => !isKept[at]).sort(([a], [b]) => (a < b ? -1 : 1));
      const other = { name, value: OTHER_CATEGORY, labelled: rest.flatMap(([, labelled]) => labelled) };
      return [...kept, ...(rest.length === 0 ? [] : [other])].sort((a, b) => (a.value < b.value ? -1 : 1));
    });
  }
}

function keyOf({ name, value }: { readonly name: string; readonly value: string }): string {
  return JSON.stringify([name, value]);
}
