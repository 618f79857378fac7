// deploy/kubernetes against the schemas of the Kubernetes API: at run time for values, by the compiler for unknown fields.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { configSchema, parseResponderConfig } from "@tidemark/schema";
import { Deployment, StatefulSet } from "kubernetes-models/apps/v1";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
import { ConfigMap, PersistentVolumeClaim, Service } from "kubernetes-models/v1";
import { parse, parseAllDocuments } from "yaml";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}
interface Workload extends Resource {
  readonly spec: {
    readonly selector: { readonly matchLabels: Record<string, string> };
    readonly template: {
      readonly metadata: { readonly labels: Record<string, string> };
      readonly spec: {
        readonly securityContext: { runAsNonRoot: boolean };
        readonly volumes: { readonly name: string }[];
        readonly containers: {
          readonly image: string;
          readonly resources: { limits: { memory: string } };
          readonly readinessProbe?: { readonly httpGet: { readonly port: string } };
          readonly livenessProbe?: unknown;
          readonly ports: { readonly name: string; readonly containerPort: number }[];
          readonly securityContext: { readOnlyRootFilesystem: boolean; allowPrivilegeEscalation: boolean };
          readonly volumeMounts: { readonly name: string }[];
        }[];
      };
    };
    readonly volumeClaimTemplates?: { readonly metadata: { readonly name: string } }[];
  };
}

const FILES = ["deploy/kubernetes/tidemark.yaml", "deploy/kubernetes/replicas.yaml"];
const resourcesOf = (file: string) => parseAllDocuments(read(file)).map((document) => document.toJS() as Resource);
const workloadsOf = (of: readonly Resource[]) =>
  of.filter(({ kind }) => ["Deployment", "StatefulSet"].includes(kind)) as Workload[];
const resources = FILES.flatMap(resourcesOf);
const workloads = workloadsOf(resources);

// biome-ignore lint/suspicious/noExplicitAny: each class takes its own kind
const MODELS: Record<string, { module: string; Model: new (data: any) => { validate(): void } }> = {
  ConfigMap: { module: "v1", Model: ConfigMap },
  PersistentVolumeClaim: { module: "v1", Model: PersistentVolumeClaim },
  Service: { module: "v1", Model: Service },
  Deployment: { module: "apps/v1", Model: Deployment },
  StatefulSet: { module: "apps/v1", Model: StatefulSet },
  PodDisruptionBudget: { module: "policy/v1", Model: PodDisruptionBudget },
  NetworkPolicy: { module: "networking.k8s.io/v1", Model: NetworkPolicy },
};

test("every kind that is promised is there", () => {
  assert.deepEqual([...new Set(resources.map(({ kind }) => kind))].toSorted(), Object.keys(MODELS).toSorted());
});

for (const resource of resources) {
  test(`${resource.kind} ${resource.metadata.name} is valid for the API's schema`, () => {
    const { module, Model } = MODELS[resource.kind]!;
    assert.equal(module, resource.apiVersion);
    new Model(resource).validate();
  });
}

test("the schema does refuse a wrong value", () => {
  const deployment = structuredClone(workloads.find(({ kind }) => kind === "Deployment")!) as unknown as {
    spec: { replicas: unknown };
  };
  deployment.spec.replicas = "one";
  assert.throws(() => new Deployment(deployment as never).validate());
});

test("no field is unknown to the API's types", () => {
  const folder = path.join(root, ".cache/kubernetes-schema");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const lines = resources.map(
    ({ kind }, index) => `export const r${index}: I${kind} = ${JSON.stringify(resources[index])};`,
  );
  const imports = Object.entries(MODELS).map(
    ([kind, { module }]) => `import type { I${kind} } from "kubernetes-models/${module}";`,
  );
  const wrong = 'export const wrong: IService = { apiVersion: "v1", kind: "Service", spec: { unknownField: 1 } };';
  const compilerOptions = {
    noEmit: true,
    strict: true,
    module: "esnext",
    moduleResolution: "bundler",
    skipLibCheck: true,
    target: "es2022",
    types: [],
  };
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  writeFileSync(path.join(folder, "resources.ts"), `${imports.join("\n")}\n${lines.join("\n")}\n${wrong}\n`);
  const { stdout } = spawnSync(path.join(root, "node_modules/.bin/tsc"), ["-p", folder], { encoding: "utf8" });
  const errors = stdout
    .trim()
    .split("\n")
    .filter((line) => line.includes("error TS"));
  assert.equal(errors.length, 1, stdout);
  assert.match(errors[0]!, /unknownField/);
});

for (const { metadata, spec } of workloads) {
  test(`${metadata.name}: not root, read-only, limited, probed, and of one piece`, () => {
    const { metadata: pod, spec: podSpec } = spec.template;
    assert.deepEqual(spec.selector.matchLabels, pod.labels);
    assert.ok(podSpec.securityContext.runAsNonRoot);
    const volumes = [...podSpec.volumes, ...(spec.volumeClaimTemplates ?? []).map((claim) => claim.metadata)];
    for (const container of podSpec.containers) {
      assert.match(container.image, /:[^:]*\d/);
      assert.ok(
        container.securityContext.readOnlyRootFilesystem && !container.securityContext.allowPrivilegeEscalation,
      );
      assert.ok(container.resources.limits.memory !== "" && container.livenessProbe !== undefined);
      assert.ok(container.ports.some(({ name }) => name === container.readinessProbe!.httpGet.port));
      for (const { name } of container.volumeMounts)
        assert.ok(
          volumes.some((volume) => volume.name === name),
          name,
        );
    }
  });
}

for (const file of FILES) {
  test(`${file}: each service and each budget selects pods that exist`, () => {
    const own = resourcesOf(file);
    const workloads = workloadsOf(own);
    for (const resource of own) {
      const { selector } = (resource as unknown as { spec?: { selector?: Record<string, unknown> } }).spec ?? {};
      if (selector === undefined || workloads.includes(resource as Workload)) continue;
      const labels = (selector["matchLabels"] ?? selector) as Record<string, string>;
      assert.ok(
        workloads.some(({ spec }) =>
          Object.entries(labels).every(([key, value]) => spec.template.metadata.labels[key] === value),
        ),
        `${resource.kind} ${resource.metadata.name}`,
      );
    }
  });
}

test("the configurations in it are valid", () => {
  const [alone, shared] = resources.filter(({ kind }) => kind === "ConfigMap") as unknown as {
    data: Record<string, string>;
  }[];
  configSchema.parse(parse(alone!.data["tidemark.yaml"]!));
  const { store, kafka } = configSchema.parse(parse(shared!.data["tidemark.yaml"]!));
  // Both, or each of them would judge every model.
  assert.ok(store.url !== undefined && kafka !== undefined);
  const responder = parseResponderConfig(parse(alone!.data["responder.yaml"]!));
  assert.ok(responder.ok, JSON.stringify(responder));
  for (const file of ["tidemark.yaml", "demo.yaml", "replicas.yaml"].map((name) => `deploy/tidemark/${name}`))
    configSchema.parse(parse(read(file)));
  assert.ok(parseResponderConfig(parse(read("deploy/responder/responder.yaml"))).ok);
});
