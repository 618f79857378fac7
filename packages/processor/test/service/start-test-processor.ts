import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { type Config, configSchema, type Profile } from "@tidemark/schema";
import type { Signal } from "@tidemark/signals";
import { pino } from "pino";
import { type Processor, type ProcessorOptions, startProcessor } from "../../src/index.ts";
import { testProfile } from "./test-profile.ts";

export interface TestProcessor extends Processor {
  readonly directory: string;
  post(path: string, body: string | Uint8Array<ArrayBuffer>, headers?: Record<string, string>): Promise<Response>;
  json<T>(path: string): Promise<T>;
  /** Stops it and starts another on the same folder. */
  restart(): Promise<TestProcessor>;
}

/** Where the end of the test is announced: a test's context, or fileLifetime(). */
export interface TestLifetime {
  after(end: () => Promise<void>): void;
}

/** The life of all tests of a file; to be asked for at its top. */
export function fileLifetime(): TestLifetime {
  const ends: (() => Promise<void>)[] = [];
  after(async () => {
    for (const end of ends) await end();
  });
  return { after: (end) => void ends.push(end) };
}

export interface TestOptions {
  readonly config?: object;
  /** Instead of testProfile(). */
  readonly profile?: Profile;
  readonly signals?: readonly Signal[];
  readonly now?: () => number;
  readonly pages?: ProcessorOptions["pages"];
}

/** A real processor on a free port over a new folder, in replay, with one model `flight-delay`; ends with the test. */
export async function startTestProcessor(lifetime: TestLifetime, options: TestOptions = {}): Promise<TestProcessor> {
  const directory = await mkdtemp(join(tmpdir(), "tidemark-processor-"));
  await writeFile(join(directory, "profile.json"), JSON.stringify(options.profile ?? testProfile()));
  const running: { processor?: Processor } = {};
  lifetime.after(async () => {
    await running.processor?.close();
    await rm(directory, { recursive: true, force: true });
  });
  return startIn(directory, options, running);
}

export function testConfig(overrides: object = {}): Config {
  return configSchema.parse({
    server: { port: 0 },
    clock: { mode: "replay" },
    models: [{ name: "flight-delay", profile: "profile.json", windows: ["24h"] }],
    ...overrides,
  });
}

async function startIn(
  directory: string,
  options: TestOptions,
  running: { processor?: Processor },
): Promise<TestProcessor> {
  const processor = await startProcessor({
    config: testConfig(options.config),
    directory,
    logger: pino({ level: "silent" }),
    ...(options.signals === undefined ? {} : { signals: options.signals }),
    ...(options.now === undefined ? {} : { now: options.now }),
    ...(options.pages === undefined ? {} : { pages: options.pages }),
  });
  running.processor = processor;
  return {
    ...processor,
    directory,
    post: (path, body, headers = { "content-type": "application/json" }) =>
      fetch(processor.url + path, { method: "POST", body, headers }),
    async json<T>(path: string) {
      const response = await fetch(processor.url + path);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    async restart() {
      await processor.close();
      return startIn(directory, options, running);
    },
  };
}
