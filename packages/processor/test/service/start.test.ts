import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { pino } from "pino";
import { startProcessor } from "../../src/index.ts";
import { startTestProcessor, testConfig } from "./start-test-processor.ts";

test("a taken port is one clear error, and the data folder is free again", async (t) => {
  const first = await startTestProcessor(t);
  await first.close();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  t.after(() => other.close());
  const { port } = other.address() as AddressInfo;
  const { directory } = first;
  const logger = pino({ level: "silent" });
  const config = testConfig({ server: { port } });
  await assert.rejects(startProcessor({ config, directory, logger }), {
    code: "TIDEMARK_PORT_TAKEN",
    message: new RegExp(`127\\.0\\.0\\.1:${port}`),
  });
  const again = await startProcessor({ config: testConfig(), directory, logger });
  await again.close();
  await again.close();
});

test("a profile that was altered keeps the processor from starting", async (t) => {
  const { directory, close } = await startTestProcessor(t);
  await close();
  await writeFile(join(directory, "profile.json"), "{}");
  const options = { config: testConfig(), directory, logger: pino({ level: "silent" }) };
  await assert.rejects(startProcessor(options), { code: "TIDEMARK_PROFILE_UNREADABLE" });
});
