import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/**
 * flights-3m.parquet of the package vega-datasets: three million US flights, 1 January to 30 June 2001 (BSD-3).
 * The package does not list its data files in its `exports`, so the file is found by path.
 */
export function datasetFile(): string {
  const folders = createRequire(import.meta.url).resolve.paths("vega-datasets") ?? [];
  const files = folders.map((folder) => path.join(folder, "vega-datasets", "data", "flights-3m.parquet"));
  const found = files.find((file) => existsSync(file));
  if (found === undefined) {
    throw new Error(`flights-3m.parquet of the package vega-datasets is in none of ${folders.join(", ")}; run npm ci`);
  }
  return found;
}
