import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

const FOLDER = path.join(import.meta.dirname, "kubernetes-crds");

/** Where each project publishes the definition of its resource, in the Go module that go.mod pins. */
const DEFINITIONS = {
  httproutes: ["sigs.k8s.io/gateway-api", "config/crd/standard/gateway.networking.k8s.io_httproutes.yaml", "v1"],
  rollouts: ["github.com/argoproj/argo-rollouts", "manifests/crds/rollout-crd.yaml", "v1alpha1"],
  inferenceservices: [
    "github.com/kserve/kserve",
    "config/crd/full/serving.kserve.io_inferenceservices.yaml",
    "v1beta1",
  ],
} as const;

export type CustomResource = keyof typeof DEFINITIONS;

interface Definition {
  readonly spec: { readonly versions: readonly { name: string; schema: { openAPIV3Schema: object } }[] };
}

/** The published OpenAPI schema of a custom resource. Fetches the project's module the first time. */
export function customResourceSchema(resource: CustomResource): object {
  const [module, file, version] = DEFINITIONS[resource];
  const pinned = new RegExp(`${module} (v\\S+)`).exec(readFileSync(path.join(FOLDER, "go.mod"), "utf8"))?.[1];
  const answer = execFileSync("go", ["mod", "download", "-json", `${module}@${pinned}`], {
    encoding: "utf8",
    env: { ...process.env, GOFLAGS: "-mod=mod" },
    cwd: FOLDER,
  });
  const { Dir: folder } = JSON.parse(answer) as { Dir: string };
  const definition = parse(readFileSync(path.join(folder, file), "utf8")) as Definition;
  const found = definition.spec.versions.find(({ name }) => name === version);
  if (found === undefined) throw new RangeError(`${file} has no version ${version}`);
  return found.schema.openAPIV3Schema;
}
