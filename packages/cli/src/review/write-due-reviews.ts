import { mkdir, readdir, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { collectReview, type ReviewSources } from "./collect-review.ts";
import { reviewMarkdown } from "./review-markdown.ts";
import { reviewPage } from "./review-page.ts";
import { lastWholePeriod, type ReviewKind, type ReviewPeriod } from "./review-period.ts";
import { writeReview } from "./write-review.ts";

export interface ReviewSchedule {
  readonly sources: ReviewSources;
  readonly kinds: readonly ReviewKind[];
  /** Folder that the reviews are written into; made where it does not exist. */
  readonly folder: string;
  /** Time after the end of a period until its review is made, so that late outcomes are in it; milliseconds. */
  readonly delayMs: number;
  readonly now?: () => number;
}

/** Most reviews of a kind that are made up for. */
const MAX_MISSED = 12;

/**
 * Writes the review of the last whole week or month where its file does not exist yet, and those that were missed since
 * the newest that does, once each: two replicas write the same. Returns the pages written.
 */
export async function writeDueReviews({
  sources,
  kinds,
  folder,
  delayMs,
  now = Date.now,
}: ReviewSchedule): Promise<string[]> {
  const written: string[] = [];
  for (const kind of kinds) {
    for (const period of await missedPeriods(folder, kind, now() - delayMs)) {
      const review = writeReview(await collectReview(sources, { kind, period }, () => new Date(now())));
      const name = nameOf(folder, kind, period);
      await mkdir(folder, { recursive: true });
      // The page comes last: where it is, both are whole.
      await writeWhole(`${name}.md`, reviewMarkdown(review));
      await writeWhole(`${name}.html`, reviewPage(review));
      written.push(`${name}.html`);
    }
  }
  return written;
}

/** The periods without a review up to a time, the oldest first; where there is no review at all, the last period alone. */
async function missedPeriods(folder: string, kind: ReviewKind, untilMs: number): Promise<ReviewPeriod[]> {
  const missed: ReviewPeriod[] = [];
  let period = lastWholePeriod(kind, untilMs);
  while (missed.length < MAX_MISSED) {
    if (await isFile(`${nameOf(folder, kind, period)}.html`)) return missed;
    missed.unshift(period);
    period = lastWholePeriod(kind, Date.parse(period.from));
  }
  return (await hasAny(folder, kind)) ? missed : missed.slice(-1);
}

function nameOf(folder: string, kind: ReviewKind, { from }: ReviewPeriod): string {
  return path.join(folder, `${kind}-${from.slice(0, 10)}`);
}

async function hasAny(folder: string, kind: ReviewKind): Promise<boolean> {
  const files = await readdir(folder).catch(() => []);
  return files.some((file) => file.startsWith(`${kind}-`) && file.endsWith(".html"));
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.part`, text);
  await rename(`${file}.part`, file);
}
