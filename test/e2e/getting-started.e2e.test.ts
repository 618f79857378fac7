import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";

const root = path.resolve(import.meta.dirname, "../..");
const page = path.join(root, "docs/getting-started.md");

test("the commands of docs/getting-started.md end in an incident that names the unit change", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "tidemark-guide-"));
  await symlink(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  const commands = [...(await readFile(page, "utf8")).matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
  assert.equal(commands.length, 5);
  const waitUntilReady =
    "for i in $(seq 100); do curl -sf http://127.0.0.1:4318/readyz >/dev/null && break; sleep 0.1; done";
  const [profile, config, serve, send, see] = commands;
  await writeFile(
    path.join(folder, "guide.sh"),
    ["set -eu", profile, config, serve, waitUntilReady, send, see].join("\n"),
  );
  // A process group of its own: the server that the page leaves in the background is stopped with it.
  const guide = spawn("bash", ["guide.sh"], {
    cwd: folder,
    env: { ...process.env, PATH: `${root}/node_modules/.bin:${process.env["PATH"]}` },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  for (const stream of [guide.stdout, guide.stderr]) stream.on("data", (chunk) => (output += chunk));
  const [exitCode] = await once(guide, "exit");
  process.kill(-guide.pid!, "SIGTERM");
  await once(guide, "close");
  assert.equal(exitCode, 0, output);
  assert.match(output, /tidemark\.yaml is valid/);
  assert.match(output, /"kind":"unit_change","target":"distance"/, output);
  assert.match(await readFile(path.join(folder, "report.html"), "utf8"), /^<!doctype html>/i);
  await rm(folder, { recursive: true, force: true });
});
