import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { COMPOSE, goTool } from "./tools/go-tool.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** Each with the number of its services that run images of ours. */
const FILES = { "docker-compose.yml": 5, "docker-compose.replicas.yml": 1 };

interface Service {
  readonly restart?: string;
  readonly healthcheck?: unknown;
  readonly build?: { readonly target: string };
  readonly image: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
}

for (const [name, ownServices] of Object.entries(FILES)) {
  const file = path.join(ROOT, name);

  test(`${name} is valid for Compose's own loader`, () => {
    // The file of the password is made by deploy/make-secrets.sh; the loader does not look for it.
    const result = spawnSync(goTool(COMPOSE), [file], { encoding: "utf8" });
    assert.equal(result.status, 0, result.stderr);
  });

  test(`${name}: what we build is read-only, without capabilities, and has a health check of its own or from its image`, () => {
    const { services } = parse(readFileSync(file, "utf8")) as { services: Record<string, Service> };
    const dockerfile = readFileSync(path.join(ROOT, "Dockerfile"), "utf8");
    const ours = Object.entries(services).filter(([, { image }]) => image.startsWith("tidemark/"));
    assert.ok(ours.length >= ownServices);
    for (const [service, { read_only, cap_drop, build }] of ours) {
      assert.ok(read_only === true && cap_drop?.includes("ALL"), service);
      if (build !== undefined) assert.match(dockerfile, new RegExp(`AS ${build.target}\\n[\\s\\S]*HEALTHCHECK`), name);
    }
    // Neither image has a shell or a program to ask with; both answer from outside.
    const askedFromOutside = ["collector", "traces"];
    for (const [service, { restart, healthcheck, build }] of Object.entries(services)) {
      if (restart === undefined || askedFromOutside.includes(service)) continue;
      assert.ok(healthcheck !== undefined || build !== undefined, service);
    }
  });

  test(`${name}: every image is pinned and every port is published on loopback`, () => {
    const text = readFileSync(file, "utf8");
    const images = [...text.matchAll(/^\s*image:\s*(\S+)/gm)].map((match) => match[1] ?? "");
    assert.ok(images.length >= 4);
    for (const image of images) assert.match(image, /:[^:]*\d[^:]*$/, `${image} has no version`);
    const published = [...text.matchAll(/^\s*-\s*"?((?:\S+:)?[\d-]+:\d+)"?\s*$/gm)].map((match) => match[1] ?? "");
    assert.ok(published.length >= 3);
    for (const port of published) assert.match(port, /^127\.0\.0\.1:/);
  });
}
