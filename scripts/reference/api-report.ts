import path from "node:path";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";
import { root, run } from "../run.ts";

const FOLDER = path.join(root, "packages/instrumentation");

/**
 * Writes packages/instrumentation/instrumentation.api.md, everything that the package exports: a change of the public API
 * shows as a change of this file, which `npm run check` compares. From the declarations that are published.
 */
export function writeApiReport(): void {
  const declarations = path.join(FOLDER, "dist/index.d.ts");
  if (!run("tsc", ["-b", FOLDER])) throw new Error("packages/instrumentation does not compile");
  const silent = { default: { logLevel: "none" as never } };
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: FOLDER,
      mainEntryPointFilePath: declarations,
      compiler: {
        overrideTsconfig: {
          compilerOptions: { module: "nodenext", target: "es2023", types: ["node"], strict: true, skipLibCheck: true },
          files: [declarations],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: "instrumentation.api.md",
        reportFolder: FOLDER,
        reportTempFolder: path.join(FOLDER, "dist"),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      // Our doc comments are not TSDoc, and undocumented members are named so that they need no comment.
      messages: {
        extractorMessageReporting: silent,
        tsdocMessageReporting: silent,
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: path.join(FOLDER, "package.json"),
  });
  const { errorCount } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = message.logLevel !== "error";
    },
  });
  if (errorCount > 0) throw new Error("the API report of packages/instrumentation could not be written");
}
