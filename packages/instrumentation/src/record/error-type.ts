const MAX_LENGTH = 100;

/** The name of an error's class for `error.type`: low in cardinality, without its message. Never throws. */
export function errorTypeOf(error: unknown): string {
  try {
    if (typeof error === "string" && error !== "") return error.slice(0, MAX_LENGTH);
    const name = (error as { name?: unknown } | null | undefined)?.name;
    return typeof name === "string" && name !== "" ? name.slice(0, MAX_LENGTH) : typeof error;
  } catch {
    return "unreadable";
  }
}
