import { quoteText } from "../store/quote.ts";
import type { Store } from "../store/store.ts";
import { WINDOW_CONDITION, type WindowRequest, windowParameters } from "./window-request.ts";

/** The inputs that most records of a window name, in their order. */
export interface InputPlaces {
  readonly names: readonly string[];
  /** SQL of whether a record names exactly these. */
  readonly isUsual: string;
  /** Place of a name among them, from 1; 0 where it is not there. */
  placeOf(name: string): number;
}

/**
 * Most records of a model name the same inputs in the same order, so a row that does is told by one comparison instead of a search for
 * every feature. The names are those of any record of the window; they never change what is found. Null where no record carries inputs.
 */
export async function readInputPlaces(
  store: Store,
  request: Pick<WindowRequest, "key" | "window">,
): Promise<InputPlaces | null> {
  const [record] = await store.query<{ names: string[] }>(
    `SELECT input_names AS names FROM prediction WHERE ${WINDOW_CONDITION} AND notEmpty(input_names) LIMIT 1`,
    windowParameters(request),
  );
  if (record === undefined) return null;
  const { names } = record;
  return {
    names,
    isUsual: `input_names = [${names.map(quoteText).join()}]`,
    placeOf: (name) => names.indexOf(name) + 1,
  };
}
