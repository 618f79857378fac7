/**
 * Prints lines of text in which there may be what came over the wire. Control characters and marks that turn the direction of text are
 * shown as escapes, so that no recorded value can move the cursor, colour or hide what a person reads, or begin a line of its own.
 */
export function printLines(lines: readonly string[], write: (line: string) => void = console.log): void {
  for (const line of lines) write(line.replace(HIDDEN, escaped));
}

/** Controls, and the embeddings, overrides and isolates of bidirectional text. */
const HIDDEN = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
