import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { ciRepository, type PublishedManifest, publishProblems } from "../../scripts/publish/publish-problems.ts";
import { root } from "../../scripts/run.ts";

const DIRECTORY = "packages/stats";
const GITHUB = {
  GITHUB_ACTIONS: "true",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "someone/something",
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://token",
};
const GITLAB = {
  GITLAB_CI: "true",
  CI_PROJECT_URL: "https://gitlab.com/someone/something",
  SIGSTORE_ID_TOKEN: "token",
};

const manifestOf = (env: Record<string, string>): PublishedManifest => {
  const repository = ciRepository(env, DIRECTORY);
  assert.ok(repository !== null);
  return { name: "@tidemark/stats", publishConfig: { access: "public", provenance: true }, repository };
};

test("a package whose manifest names the repository that the CI builds from may be published", () => {
  for (const env of [GITHUB, GITLAB]) assert.deepEqual(publishProblems(manifestOf(env), DIRECTORY, env), []);
  assert.equal(ciRepository(GITHUB, DIRECTORY)!.url, "git+https://github.com/someone/something.git");
});

test("what npm could not attest, or would attest wrongly, is refused with what to do", () => {
  const good = manifestOf(GITHUB);
  const { repository: _, ...unnamed } = good;
  const { ACTIONS_ID_TOKEN_REQUEST_URL: __, ...tokenless } = GITHUB;
  const rows: [manifest: PublishedManifest, directory: string, env: Record<string, string>, want: RegExp][] = [
    [good, DIRECTORY, {}, /GitHub Actions or GitLab CI only/],
    [unnamed, DIRECTORY, GITHUB, /has the repository null, .*npm run set-repository/],
    [good, DIRECTORY, { ...GITHUB, GITHUB_REPOSITORY: "other/fork" }, /other\/fork/],
    [good, "packages/otlp", GITHUB, /packages\/otlp/],
    [good, DIRECTORY, tokenless, /id-token: write/],
    [{ ...good, publishConfig: { access: "public" } }, DIRECTORY, GITHUB, /publishConfig\.provenance/],
  ];
  for (const [manifest, directory, env, want] of rows) {
    const problems = publishProblems(manifest, directory, env);
    assert.equal(problems.length, 1, problems.join("; "));
    assert.match(problems[0]!, want);
  }
});

test("every package asks before it is published, and none may be from here", () => {
  for (const name of readdirSync(path.join(root, "packages"))) {
    const folder = path.join(root, "packages", name);
    const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as {
      scripts?: Record<string, string>;
      repository?: unknown;
    };
    assert.equal(manifest.scripts?.["prepublishOnly"], "node ../../scripts/publish/assert-publishable.ts", name);
    assert.equal(manifest.repository, undefined, `${name}: the CI that publishes names it`);
  }
  const script = path.join(root, "scripts/publish/assert-publishable.ts");
  const { status, stderr } = spawnSync(process.execPath, [script], {
    cwd: path.join(root, DIRECTORY),
    env: {},
    encoding: "utf8",
  });
  assert.equal(status, 1);
  assert.match(stderr, /^@tidemark\/stats is published from GitHub Actions or GitLab CI only/);
});
