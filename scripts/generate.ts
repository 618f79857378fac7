// `npm run generate`: writes every file that is made from code.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { generatedFiles } from "@tidemark/dashboards";
import { configJsonSchema, responderJsonSchema } from "@tidemark/schema";
import { writeApiReport } from "./reference/api-report.ts";
import { configPage } from "./reference/config-page.ts";
import { errorsPage } from "./reference/errors-page.ts";
import { semconvPage } from "./reference/semconv-page.ts";
import { root } from "./run.ts";

const files: Readonly<Record<string, string>> = {
  "docs/reference/semconv.md": semconvPage(),
  "docs/reference/errors.md": errorsPage(),
  "docs/reference/config.md": configPage(),
  "docs/reference/tidemark.schema.json": `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
  "docs/reference/responder.schema.json": `${JSON.stringify(responderJsonSchema(), null, 2)}\n`,
  ...generatedFiles(),
};

for (const [file, content] of Object.entries(files)) writeFileSync(path.join(root, file), content);
writeApiReport();
