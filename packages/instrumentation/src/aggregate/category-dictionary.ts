/** Longer text is cut before it is looked up, and so unseen: hashing it would cost time with its length. */
const MAX_LOOKUP_LENGTH = 1_024;
/** Longer text is never kept as a category. */
const MAX_CATEGORY_LENGTH = 256;
/** Codes that are looked up in an array; larger ones by their text. */
const MAX_CODE = 65_535;

/** What a dictionary knows beforehand. */
export interface CategoryList {
  /** The list; null: the first that come, up to a bound. */
  readonly categories: readonly string[] | null;
  /** Known categories that are counted in the rest. */
  readonly otherCategories: ReadonlySet<string>;
  /** Categories that the codes 0, 1, 2, ... stand for; null: a code stands for its own text. */
  readonly codes: readonly string[] | null;
}

/**
 * Gives each category of a feature its bin: of a fixed list, or as they come up to a bound. Shared by all counts of a
 * model, so that a category has the same bin in each. Bins: `limit` for categories and, at the end, one for the rest.
 */
export class CategoryDictionary {
  /** Categories so far, in the order of their bins. */
  readonly categories: readonly string[];
  /** Whether the categories are a fixed list. */
  readonly isListed: boolean;
  /** Bins beside the rest; also the bin of the rest. */
  readonly limit: number;
  readonly #bins: Map<string, number>;
  readonly #others: ReadonlySet<string>;
  readonly #codes: readonly string[] | null;
  /** Bin by code; -1 where the text has to be asked. */
  readonly #binOfCode: Int32Array;

  /** @param discoveredLimit bound where there is no list */
  constructor({ categories, otherCategories, codes }: CategoryList, discoveredLimit: number) {
    this.isListed = categories !== null;
    this.categories = categories === null ? [] : [...categories];
    this.limit = categories?.length ?? discoveredLimit;
    this.#bins = new Map(this.categories.map((category, bin) => [category, bin]));
    this.#others = otherCategories;
    this.#codes = codes;
    this.#binOfCode = codeTable(codes ?? this.categories, codes !== null, this.#bins);
  }

  /** `limit` for the rest. Allocates nothing for a category that has a bin. */
  binOf(text: string): number {
    const category = text.length > MAX_LOOKUP_LENGTH ? text.slice(0, MAX_LOOKUP_LENGTH) : text;
    const bin = this.#bins.get(category);
    if (bin !== undefined) return bin;
    const isKept = !this.isListed && this.#bins.size < this.limit && category.length <= MAX_CATEGORY_LENGTH;
    if (!isKept) return this.limit;
    (this.categories as string[]).push(category);
    this.#bins.set(category, this.categories.length - 1);
    return this.categories.length - 1;
  }

  /** The bin of a whole number: of the category that it stands for, else of its text. Allocates nothing if that is a category. */
  binOfCode(code: number): number {
    const bin = code >= 0 && code < this.#binOfCode.length ? this.#binOfCode[code]! : -1;
    return bin >= 0 ? bin : this.binOf(this.textOfCode(code));
  }

  textOfCode(code: number): string {
    return this.#codes?.[code] ?? String(code);
  }

  /** Whether text in the rest is nothing new: there is no list, or it says so. */
  isKnown(text: string): boolean {
    return !this.isListed || this.#others.has(text.slice(0, MAX_LOOKUP_LENGTH));
  }
}

/** Bins of whole numbers that stand for a category, or are the text of one. */
function codeTable(texts: readonly string[], isByIndex: boolean, bins: ReadonlyMap<string, number>): Int32Array {
  const entries = texts.map((text, index): [code: number, bin: number] => [
    isByIndex ? index : codeOf(text),
    bins.get(text) ?? -1,
  ]);
  const valid = entries.filter(([code, bin]) => code >= 0 && code <= MAX_CODE && bin >= 0);
  const table = new Int32Array(valid.reduce((size, [code]) => Math.max(size, code + 1), 0)).fill(-1);
  for (const [code, bin] of valid) table[code] = bin;
  return table;
}

function codeOf(text: string): number {
  const code = Number(text);
  return Number.isInteger(code) && String(code) === text ? code : -1;
}
