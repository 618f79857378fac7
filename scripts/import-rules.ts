import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./run.ts";

/** Who may import whom (DESIGN: "Packages"); what is not listed is forbidden. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  semconv: [],
  sketches: [],
  schema: ["semconv"],
  stats: ["sketches"],
  signals: ["stats", "sketches", "schema", "semconv"],
  otlp: ["semconv", "schema"],
  instrumentation: ["semconv", "sketches"],
  processor: ["semconv", "schema", "sketches", "stats", "signals", "otlp"],
  responder: ["semconv", "schema", "stats"],
  dashboards: ["signals", "semconv", "schema"],
};

/** Third-party modules that a package may never load: what the monitored service installs stays small. */
const FORBIDDEN_MODULES: Readonly<Record<string, RegExp>> = {
  instrumentation: /^(?!node:|@tidemark\/|@opentelemetry\/api$|yaml$|require-in-the-middle$|\.)/,
  semconv: /^(?!node:|\.)/,
  sketches: /^(?!\.)/,
};

/** Folders of the processor that do not know each other; only start-processor.ts wires them. */
const STRANGERS = ["receive", "store", "emit"];

const IMPORT = /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s+["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;

/** Every import in the packages' sources that breaks the rules, one line each. */
export function importViolations(): string[] {
  const files = globSync("packages/*/src/**/*.ts", { cwd: root }).sort();
  if (files.length === 0) throw new Error("the import rules looked at no file");
  return files.flatMap((file) => {
    const text = readFileSync(path.join(root, file), "utf8");
    return [...text.matchAll(IMPORT)].flatMap((match) => {
      const complaint = complaintAbout(file, match[1] ?? match[2] ?? "");
      return complaint === null ? [] : [`${file}: ${complaint}`];
    });
  });
}

function complaintAbout(file: string, specifier: string): string | null {
  const [, owner = "", , group = ""] = file.split("/");
  if (FORBIDDEN_MODULES[owner]?.test(specifier)) return `imports ${specifier}, which ${owner} may not install`;
  if (specifier.startsWith("@tidemark/")) {
    const [target = "", ...inner] = specifier.slice("@tidemark/".length).split("/");
    if (inner.length > 0) return `reaches into ${specifier}; import the package by its name`;
    const allowed = ALLOWED[owner];
    return allowed !== undefined && !allowed.includes(target)
      ? `imports @tidemark/${target}, which ${owner} may not know`
      : null;
  }
  if (!specifier.startsWith(".")) return null;
  if (!/\.(ts|json)$/.test(specifier)) return `imports ${specifier} without its .ts ending`;
  const target = path.normalize(path.join(path.dirname(file), specifier)).split("/");
  if (target[1] !== owner || target[2] !== "src") return `leaves its package through ${specifier}`;
  const isStranger =
    owner === "processor" && STRANGERS.includes(group) && STRANGERS.includes(target[3] ?? "") && group !== target[3];
  return isStranger ? `processor/${group} may not know processor/${target[3]}` : null;
}
