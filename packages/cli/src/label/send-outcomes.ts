import type { OutcomeRow } from "@tidemark/processor";
import type { OutcomeKind } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import { askWhileBusy } from "../report/ask-while-busy.ts";

export interface SendOptions {
  readonly rows: AsyncIterable<OutcomeRow>;
  readonly model: string;
  readonly kind: OutcomeKind;
  /** Address of the processor; null to check the rows only. */
  readonly url: string | null;
  /** Token of the scope ingest, where the processor asks for one. */
  readonly token?: string | null;
  /** Called with the number of rows dealt with. */
  readonly onProgress: (done: number) => void;
}

export interface LabelResult {
  readonly accepted: number;
  readonly refused: number;
  /** Why rows were left out, the most frequent reason first. */
  readonly reasons: readonly { readonly reason: string; readonly count: number; readonly example: string }[];
}

const BATCH_ROWS = 5_000;

/**
 * Sends outcomes in batches and gathers what became of them. A busy processor is asked again; sending a batch twice changes
 * nothing. Throws TidemarkError `processorUnreachable` where none answers.
 */
export async function sendOutcomes({
  rows,
  model,
  kind,
  url,
  token = null,
  onProgress,
}: SendOptions): Promise<LabelResult> {
  const reasons = new Map<string, { count: number; example: string }>();
  const refuse = (reason: string, count: number, example: string) => {
    const known = reasons.get(reason);
    if (known === undefined) reasons.set(reason, { count, example });
    else known.count += count;
  };
  let accepted = 0;
  let done = 0;
  let batch: Batch = [];
  const flush = async () => {
    if (batch.length > 0) {
      const outcomes = batch.map(({ outcome }) => outcome);
      const answer = url === null ? { accepted: batch.length, rejected: [] } : await post(url, token, outcomes);
      accepted += answer.accepted;
      for (const { reason, count, example } of answer.rejected) {
        // The processor counts within a batch, a person within the file.
        const told = example.replace(/^outcome (\d+): /, (_all, index) => `row ${batch[Number(index)]!.row}: `);
        refuse(reason, count, told);
      }
    }
    onProgress(done);
    batch = [];
  };
  for await (const row of rows) {
    done++;
    if (row.problem !== null) {
      refuse(row.problem.reason, 1, `row ${row.row}: ${row.problem.message}`);
    } else {
      const { row: number, problem: _problem, ...columns } = row;
      const known = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== null));
      batch.push({ row: number, outcome: { model, kind, ...known } });
      if (batch.length === BATCH_ROWS) await flush();
    }
  }
  await flush();
  const listed = [...reasons].map(([reason, entry]) => ({ reason, ...entry })).sort((a, b) => b.count - a.count);
  return { accepted, refused: listed.reduce((sum, { count }) => sum + count, 0), reasons: listed };
}

type Batch = { readonly row: number; readonly outcome: Record<string, unknown> }[];

interface Answer {
  readonly accepted: number;
  readonly rejected: readonly { readonly reason: string; readonly count: number; readonly example: string }[];
}

async function post(url: string, token: string | null, outcomes: readonly unknown[]): Promise<Answer> {
  const response = await askWhileBusy(() => ask(url, token, outcomes));
  if (response.ok) return (await response.json()) as Answer;
  const text = await response.text();
  throw new TidemarkError("processorUnreachable", `${url}/v1/outcomes answered ${response.status}: ${text}`);
}

async function ask(url: string, token: string | null, outcomes: readonly unknown[]): Promise<Response> {
  try {
    return await fetch(new URL("/v1/outcomes", url), {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(outcomes),
    });
  } catch (error) {
    throw new TidemarkError("processorUnreachable", `no processor answers at ${url}`, { cause: error });
  }
}
