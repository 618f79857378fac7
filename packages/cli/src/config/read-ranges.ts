import { TidemarkError } from "@tidemark/semconv";

export type Ranges = Readonly<Record<string, { readonly min?: number; readonly max?: number }>>;

/**
 * Limits of numeric features from a text such as `age=0:120,amount=0:`; either end may be left out.
 * Throws TidemarkError `usage` that names the part that cannot be read.
 */
export function readRanges(text: string): Ranges {
  const entries = text.split(",").map((part): [string, Ranges[string]] => {
    const match = /^\s*([^=]+)=([^:]*):([^:]*)$/.exec(part);
    const [min, max] = [numberOf(match?.[2]), numberOf(match?.[3])];
    const isEmpty = min === undefined && max === undefined;
    if (match === null || isEmpty || Number.isNaN(min) || Number.isNaN(max) || (min ?? -Infinity) > (max ?? Infinity)) {
      throw new TidemarkError(
        "usage",
        `--range has "${part.trim()}"; expected name=min:max, such as age=0:120 or amount=0:`,
      );
    }
    return [match[1]!.trim(), { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }];
  });
  return Object.fromEntries(entries);
}

/** Undefined where nothing stands, NaN where something else does. */
function numberOf(text: string | undefined): number | undefined {
  return text === undefined || text.trim() === "" ? undefined : Number(text);
}
