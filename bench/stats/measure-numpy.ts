import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

export interface NumpySeconds {
  readonly numpy: string;
  /** np.quantile of the reference, then np.histogram of both sides. */
  readonly quantile_histogram: number;
  /** Edges given; np.searchsorted and np.bincount of both sides. */
  readonly frozen_searchsorted: number;
}

interface NumpyPlan {
  readonly features: number;
  readonly rows: number;
  readonly bins: number;
}

const here = import.meta.dirname;
const environment = join(here, "../../.cache/bench-venv");
const python = join(environment, "bin/python");

/**
 * CPU seconds of PSI by numpy, in a process of its own on one thread. The first call makes a Python environment with the
 * pinned numpy under .cache; null where there is no python3 or no package index.
 */
export function measureNumpy({ features, rows, bins }: NumpyPlan): NumpySeconds | null {
  if (!existsSync(python) && !createEnvironment()) return null;
  const script = join(here, "numpy_distances.py");
  const { status, stdout, stderr } = spawnSync(python, [script, `${features}`, `${rows}`, `${bins}`], {
    encoding: "utf8",
    env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
  });
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as NumpySeconds;
}

function createEnvironment(): boolean {
  console.log("making a Python environment with numpy, once");
  const steps: [string, string[]][] = [
    ["python3", ["-m", "venv", environment]],
    [python, ["-m", "pip", "install", "--quiet", "--requirement", join(here, "requirements.txt")]],
  ];
  return steps.every(([command, given]) => spawnSync(command, given, { stdio: "inherit" }).status === 0);
}
