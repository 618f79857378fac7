import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { ActionConfig } from "@tidemark/schema";
import { z } from "zod";
import type { ActKind, ActOutcome } from "./act-kind.ts";

type FlagConfig = Extract<ActionConfig, { type: "flag" }>;

/** The part of a flagd definition that is read; everything else is kept as it is. */
const flagFile = z.looseObject({
  flags: z.record(
    z.string(),
    z.looseObject({ variants: z.record(z.string(), z.unknown()), defaultVariant: z.string() }),
  ),
});

/** Sets the default variant of a flag in a flagd file, which OpenFeature providers watch. */
export const flag: ActKind<FlagConfig> = {
  run: ({ config, directory }) => setVariant(path.resolve(directory, config.file), config.flag, config.variant),
  undo({ config, directory }, undoToken) {
    if (undoToken === null) throw new Error(`which variant ${config.flag} had before is not known`);
    return setVariant(path.resolve(directory, config.file), config.flag, undoToken, config.variant);
  },
};

/** @param expected the variant that it may be taken from; any where it is not given. */
async function setVariant(file: string, name: string, variant: string, expected?: string): Promise<ActOutcome> {
  const content = JSON.parse(await readFile(file, "utf8")) as z.infer<typeof flagFile>;
  // Only checked: what was parsed would come back with its keys in another order.
  flagFile.parse(content);
  const found = Object.hasOwn(content.flags, name) ? content.flags[name] : undefined;
  if (found === undefined) throw new Error(`${path.basename(file)} has no flag "${name}"`);
  if (!Object.hasOwn(found.variants, variant)) throw new Error(`the flag "${name}" has no variant "${variant}"`);
  const before = found.defaultVariant;
  if (expected !== undefined && before !== expected) {
    throw new Error(
      `${name} is "${before}" by now, and not the "${expected}" of the action: somebody chose it, so it stays`,
    );
  }
  found.defaultVariant = variant;
  // A reader sees the old file or the new one, never a torn one.
  const temporary = `${file}.tidemark`;
  await writeFile(temporary, `${JSON.stringify(content, null, 2)}\n`);
  await rename(temporary, file);
  return { text: `${name}: ${before} → ${variant}`, undoToken: before };
}
