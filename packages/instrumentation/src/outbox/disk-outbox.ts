import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DropCounter } from "../safety/drop-counter.ts";
import { describeValue } from "../safety/warn.ts";
import { fromJson, toJson } from "./log-record-json.ts";
import type { FinishedLogRecord } from "./log-sdk.ts";

/** A batch that waits on disk. */
export interface StoredBatch {
  readonly records: FinishedLogRecord[];
  /** Forgets it: it was sent, or is given up. */
  remove(): Promise<void>;
  /** Puts it behind all others, for one that is refused must not hold them up. Returns how often that was its own fault. */
  postpone(isOwnFault: boolean): number;
}

interface OutboxFile {
  readonly name: string;
  readonly bytes: number;
  readonly records: number;
  /** Refusals while others were taken. */
  strikes: number;
}

/** `<time>-<pid>-<sequence>-<records>.json`: their order is that of their names. */
const FILE_NAME = /^\d{15}-\d+-\d{6}-(\d+)\.json$/;

/**
 * Batches of log records in a folder, one file each, oldest first, in all at most so many bytes. A file is written beside
 * its name and moved there, so that one is whole or not there; it is not forced to the platters, and so survives the end of
 * the process but maybe not of the machine. What another process left is taken over. No method rejects.
 */
export class DiskOutbox {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #drops: DropCounter;
  readonly #now: () => number;
  /** Null before the folder was looked into. */
  #files: OutboxFile[] | null = null;
  #sequence = 0;

  constructor(folder: string, maxBytes: number, drops: DropCounter, now: () => number) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
    this.#drops = drops;
    this.#now = now;
  }

  /** Stores a batch, and drops the oldest where there is no room; the batch itself where the disk refuses. */
  async add(records: readonly FinishedLogRecord[]): Promise<void> {
    try {
      const text = toJson(records);
      const bytes = Buffer.byteLength(text);
      const files = await this.#open();
      await this.#makeRoom(files, bytes);
      if (bytes > this.#maxBytes) {
        this.#dropped("outbox_overflow", records.length);
        return;
      }
      const time = String(Math.max(0, Math.floor(this.#now()))).padStart(15, "0");
      this.#sequence = (this.#sequence + 1) % 1_000_000;
      const name = `${time}-${process.pid}-${String(this.#sequence).padStart(6, "0")}-${records.length}.json`;
      const path = join(this.#folder, name);
      await writeFile(`${path}.tmp`, text);
      await rename(`${path}.tmp`, path);
      files.push({ name, bytes, records: records.length, strikes: 0 });
    } catch (error) {
      const why = () => `the outbox ${this.#folder} cannot be written: ${describeValue(error)}`;
      this.#drops.add("outbox_unwritable", why, records.length);
    }
  }

  /** The oldest batch; null where there is none. A file that cannot be read is counted and removed. */
  async oldest(): Promise<StoredBatch | null> {
    const files = await this.#open().catch(() => []);
    for (let file = files[0]; file !== undefined; file = files[0]) {
      const { name, records: count } = file;
      try {
        const records = fromJson(await readFile(join(this.#folder, name), "utf8"));
        return { records, remove: () => this.#remove(files, name), postpone: postponer(files, file) };
      } catch (error) {
        const why = () => `${name} of the outbox cannot be read: ${describeValue(error)}`;
        this.#drops.add("outbox_unreadable", why, count);
        await this.#remove(files, name);
      }
    }
    return null;
  }

  async #open(): Promise<OutboxFile[]> {
    if (this.#files !== null) return this.#files;
    await mkdir(this.#folder, { recursive: true });
    const names = (await readdir(this.#folder)).filter((name) => FILE_NAME.test(name)).sort();
    const found = await Promise.all(
      names.map(async (name) => ({
        name,
        bytes: (await stat(join(this.#folder, name))).size,
        records: Number(FILE_NAME.exec(name)?.[1]),
        strikes: 0,
      })),
    );
    this.#files ??= found;
    return this.#files;
  }

  async #makeRoom(files: OutboxFile[], bytes: number): Promise<void> {
    let total = files.reduce((sum, file) => sum + file.bytes, bytes);
    while (total > this.#maxBytes && files.length > 0) {
      const [oldest] = files;
      total -= oldest!.bytes;
      this.#dropped("outbox_overflow", oldest!.records);
      await this.#remove(files, oldest!.name);
    }
  }

  async #remove(files: OutboxFile[], name: string): Promise<void> {
    const at = files.findIndex((file) => file.name === name);
    if (at >= 0) files.splice(at, 1);
    await rm(join(this.#folder, name), { force: true }).catch(() => undefined);
  }

  #dropped(reason: "outbox_overflow", records: number): void {
    const why = () => `the outbox ${this.#folder} is full with ${this.#maxBytes} bytes; its oldest records are dropped`;
    this.#drops.add(reason, why, records);
  }
}

function postponer(files: OutboxFile[], file: OutboxFile): StoredBatch["postpone"] {
  return (isOwnFault) => {
    const at = files.indexOf(file);
    if (at >= 0) files.push(...files.splice(at, 1));
    if (isOwnFault) file.strikes++;
    return file.strikes;
  };
}
