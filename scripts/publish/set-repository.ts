// `npm run set-repository`, in the CI job that publishes: writes into every package's manifest where it is built from, as the CI
// says it. Nothing of it is committed: a fork that publishes names itself.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "../run.ts";
import { ciRepository } from "./publish-problems.ts";

for (const name of readdirSync(path.join(root, "packages"))) {
  const file = path.join(root, "packages", name, "package.json");
  const repository = ciRepository(process.env, `packages/${name}`);
  if (repository === null) {
    console.error("neither GitHub Actions nor GitLab CI: there is no repository to name");
    process.exit(1);
  }
  const manifest = { ...(JSON.parse(readFileSync(file, "utf8")) as object), repository };
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  console.log(`${path.relative(root, file)}: ${repository.url}`);
}
