import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

const root = path.resolve(import.meta.dirname, "../..");
/** Pages and how many examples they have at least. */
const PAGES: readonly (readonly [page: string, least: number])[] = [
  ["packages/sketches/README.md", 5],
  ["packages/stats/README.md", 5],
  ["docs/ensembles.md", 2],
];

/** What a page's TypeScript examples say they print: the comment behind each `console.log(...);`. */
interface Example {
  readonly code: string;
  readonly printed: readonly string[];
}

function examplesOf(page: string): Example[] {
  const text = readFileSync(path.join(root, page), "utf8");
  return [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => ({
    code,
    printed: [...code.matchAll(/^\s*console\.log\(.*\); \/\/ (.*)$/gm)].map(([, comment = ""]) => comment),
  }));
}

/** All examples of a page as one module: imports first, each example in a block of its own. */
function moduleOf(examples: readonly Example[]): string {
  const imports = new Map<string, Set<string>>();
  const bodies = examples.map(({ code }) =>
    code.replaceAll(/^import \{(.*)\} from "(.*)";\n/gm, (_, names: string, from: string) => {
      const known = imports.get(from) ?? new Set();
      for (const name of names.split(",")) known.add(name.trim());
      imports.set(from, known);
      return "";
    }),
  );
  const head = [...imports].map(([from, names]) => `import { ${[...names].join(", ")} } from "${from}";`);
  return [...head, ...bodies.map((body) => `{\n${body}}`)].join("\n");
}

for (const [page, least] of PAGES) {
  test(`the examples of ${page} print what they say`, () => {
    const examples = examplesOf(page);
    assert.ok(examples.length >= least, "the page has no examples");
    const flags = ["--conditions=tidemark-source", "--input-type=module-typescript", "--eval", moduleOf(examples)];
    const { stdout, stderr } = spawnSync(process.execPath, flags, { cwd: root, encoding: "utf8" });
    assert.equal(stderr, "");
    assert.deepEqual(
      stdout.trimEnd().split("\n"),
      examples.flatMap(({ printed }) => printed),
    );
  });
}
