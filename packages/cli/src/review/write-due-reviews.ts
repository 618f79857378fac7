import { mkdir, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { collectReview, type ReviewSources } from "./collect-review.ts";
import { reviewMarkdown } from "./review-markdown.ts";
import { reviewPage } from "./review-page.ts";
import { lastWholePeriod, type ReviewKind } from "./review-period.ts";
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

/**
 * Writes the review of the last whole week or month where its file does not exist yet, so that one that was missed is
 * made up for, once, and two replicas write the same. Returns the pages written.
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
    const period = lastWholePeriod(kind, now() - delayMs);
    const name = path.join(folder, `${kind}-${period.from.slice(0, 10)}`);
    if (await isFile(`${name}.html`)) continue;
    const review = writeReview(await collectReview(sources, { kind, period }, () => new Date(now())));
    await mkdir(folder, { recursive: true });
    // The page comes last: where it is, both are whole.
    await writeWhole(`${name}.md`, reviewMarkdown(review));
    await writeWhole(`${name}.html`, reviewPage(review));
    written.push(`${name}.html`);
  }
  return written;
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
