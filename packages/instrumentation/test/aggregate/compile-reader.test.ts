import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import fc from "fast-check";
import { compileReaders, createPlainReader, type ReadName } from "../../src/aggregate/compile-reader.ts";

const kind = fc.constantFrom("numeric" as const, "categorical" as const, "ignored" as const);
const value = fc.oneof(fc.double(), fc.string(), fc.constantFrom(null, undefined, true, 1n));

describe("compileReaders", () => {
  it("reads exactly what reading by name reads, whatever names and values", () => {
    const record = fc.dictionary(fc.string(), fc.tuple(kind, value), { maxKeys: 120, noNullPrototype: true });
    fc.assert(
      fc.property(record, (entries) => {
        const names: ReadName[] = Object.entries(entries).map(([name, [kind]], position) => ({ name, position, kind }));
        const inputs = Object.fromEntries(Object.entries(entries).map(([name, [, value]]) => [name, value]));
        const read = (readers: readonly ReturnType<typeof createPlainReader>[]) => {
          const row = new Float64Array(names.length);
          const others: unknown[] = names.map(() => "untouched");
          const found = readers.reduce((sum, reader) => sum + reader(inputs, row, others), 0);
          return { found, row, others };
        };
        assert.deepEqual(read(compileReaders(names)), read([createPlainReader(names)]));
      }),
    );
  });

  it("works where the process forbids code from strings", () => {
    const module = new URL("../../src/aggregate/compile-reader.ts", import.meta.url).href;
    const program = `
      const { compileReaders } = await import(${JSON.stringify(module)});
      const [read] = compileReaders([{ name: "a", position: 0, kind: "numeric" }]);
      const row = new Float64Array(1);
      console.log(read({ a: 7 }, row, []), row[0]);`;
    const args = ["--disallow-code-generation-from-strings", "--input-type=module", "--eval", program];
    assert.equal(execFileSync(process.execPath, args, { encoding: "utf8" }), "1 7\n");
  });
});
