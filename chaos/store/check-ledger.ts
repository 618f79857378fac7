import type { Ledger } from "./acknowledged-load.ts";

/** What is wrong with the predictions that a processor holds, against what its senders know; empty where all is right. */
export async function checkLedger(url: string, { sent, acknowledged }: Ledger): Promise<string[]> {
  if (sent.size === 0) return [];
  const response = await fetch(`${url}/v1/export?model=flight-delay&format=jsonl`);
  const text = await response.text();
  if (response.status === 404) return acknowledged.size === 0 ? [] : [`nothing is there of ${acknowledged.size}`];
  if (!response.ok) return [`the export answered ${response.status}: ${text.slice(0, 200)}`];
  const ids = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as { id: string }).id);
  return compareIds(ids, { sent, acknowledged });
}

/** Every acknowledged id is there, once; nothing is there that nobody sent. */
export function compareIds(
  ids: readonly string[],
  { sent, acknowledged }: Pick<Ledger, "sent" | "acknowledged">,
): string[] {
  const found = new Set(ids);
  const problems: string[] = [];
  const lost = [...acknowledged].filter((id) => !found.has(id));
  if (lost.length > 0) problems.push(`${lost.length} acknowledged predictions are lost, such as ${lost[0]}`);
  if (found.size < ids.length) problems.push(`${ids.length - found.size} predictions are counted twice`);
  const foreign = [...found].filter((id) => !sent.has(id));
  if (foreign.length > 0) problems.push(`${foreign.length} predictions that nobody sent, such as ${foreign[0]}`);
  return problems;
}
