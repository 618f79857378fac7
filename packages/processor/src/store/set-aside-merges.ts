import { readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";

/** A part as its folder's name says: partition, first and last block, merges behind it, and the mutation it has seen. */
interface PartFolder {
  readonly name: string;
  readonly partition: string;
  readonly first: number;
  readonly last: number;
  readonly level: number;
}

/** Without a fifth number: what a mutation removed must not come back with older parts. */
const PART = /^(?<partition>[^_]+)_(?<first>\d+)_(?<last>\d+)_(?<level>\d+)$/;

/**
 * Moves merged parts whose rows all stand in older parts beside them into the `detached` folder of their table, and tells
 * how many. A disk that fails can leave a merge torn, and the engine then refuses the whole folder; what was merged is kept
 * for some minutes, so that nothing is lost without the merge. Parts whose sources are gone stay where they are.
 * @param path Data folder that no engine has open.
 */
export function setAsideMerges(path: string): number {
  let moved = 0;
  for (const table of tableFolders(join(path, "store"))) {
    const parts = readdirSync(table).flatMap(toPart);
    for (const merge of parts.filter((part) => isCoveredByOlder(part, parts) && hasRows(join(table, part.name)))) {
      renameSync(join(table, merge.name), join(table, "detached", `ignored_${merge.name}`));
      moved++;
    }
  }
  return moved;
}

/** `store/abc/abc…-uuid`, one for each table. */
function tableFolders(store: string): string[] {
  return readdirSync(store)
    .flatMap((group) => readdirSync(join(store, group)).map((uuid) => join(store, group, uuid)))
    .filter((folder) => statSync(join(folder, "detached"), { throwIfNoEntry: false })?.isDirectory() === true);
}

function toPart(name: string): PartFolder[] {
  const groups = PART.exec(name)?.groups;
  if (groups === undefined) return [];
  const { partition, first, last, level } = groups;
  return [{ name, partition: partition!, first: Number(first), last: Number(last), level: Number(level) }];
}

/** A part without rows stands for a partition that was dropped: its rows must not come back. */
function hasRows(part: string): boolean {
  try {
    return Number(readFileSync(join(part, "count.txt"), "utf8")) > 0;
  } catch {
    return false;
  }
}

/** Whether parts of fewer merges hold each block from the first to the last; a number that no part has counts as lost. */
function isCoveredByOlder(merge: PartFolder, parts: readonly PartFolder[]): boolean {
  const older = parts
    .filter(({ partition, level }) => partition === merge.partition && level < merge.level)
    .filter(({ first, last }) => first >= merge.first && last <= merge.last)
    .sort((a, b) => a.first - b.first);
  let next = merge.first;
  for (const { first, last } of older) if (first <= next) next = Math.max(next, last + 1);
  return next > merge.last;
}
