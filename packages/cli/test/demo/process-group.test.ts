import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { ProcessFailed, ProcessGroup } from "../../src/demo/process-group.ts";

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url));
const forever = new Promise<never>(() => {});

test("a process is ready when its line says so, and ends cleanly when it is told to", async () => {
  const group = new ProcessGroup();
  const started = group.start({ name: "server", file: fixture("long-running"), env: { ADDRESS: "here" } });
  assert.equal(await started.waitFor(/^ready at (\S+)/), "here");
  await group.stopAll();
  assert.equal(await started.exited, 0);
  assert.ok(started.lastLines.includes("closing"));
});

test("a process that fails ends the work with its last lines, and the others can still be stopped", async () => {
  const group = new ProcessGroup();
  const server = group.start({ name: "server", file: fixture("long-running"), env: { ADDRESS: "here" } });
  await server.waitFor(/^ready at (\S+)/);
  group.start({ name: "broken part", file: fixture("failing") });
  await assert.rejects(group.unlessFailed(forever), (error) => {
    assert.ok(error instanceof ProcessFailed);
    assert.match(error.message, /broken part ended unexpectedly \(3\)/);
    assert.match(error.message, /the disk is on fire/);
    return true;
  });
  await group.stopAll();
  assert.equal(await server.exited, 0);
});

test("a process with work that ends may end; one without may not", async () => {
  const group = new ProcessGroup();
  const finishing = group.start({ name: "work", file: fixture("finishing"), ends: true });
  assert.equal(await group.unlessFailed(finishing.exited), 0);
  group.start({ name: "server", file: fixture("finishing") });
  await assert.rejects(group.unlessFailed(forever), /server ended unexpectedly \(0\)/);
});

test("a file that is not there is a failure with a reason", async () => {
  const group = new ProcessGroup();
  group.start({ name: "nothing", file: fixture("no-such-file") });
  await assert.rejects(group.unlessFailed(forever), /nothing ended unexpectedly \(1\)[\s\S]*no-such-file/);
});
