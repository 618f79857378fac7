import { resolve } from "node:path";
import { type Config, contentHash, type ModelConfig } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import { type UnknownName, unknownNames } from "@tidemark/signals";
import { createMonitoredModels, type MonitoredModel, type MonitoredModels } from "./monitored-models.ts";
import { readProfileFile } from "./read-profile-file.ts";

/**
 * Reads and checks the profile of every configured model, and the names in its configuration against it.
 * @param directory What relative profile paths start from.
 * @param onHint is told the names that name nothing and may yet be meant.
 * Throws TidemarkError `profileUnreadable` for a file that is missing, torn, altered or of another model, and `configInvalid` with every
 * name that can only be a slip, its place and the nearest one.
 */
export async function loadModels(
  config: Config,
  directory: string,
  onHint: (hint: Pick<UnknownName, "path" | "message">) => void = () => undefined,
): Promise<MonitoredModels> {
  const models = await Promise.all(config.models.map((model) => loadModel(model, directory)));
  const found = models.flatMap((model, at) =>
    unknownNames(model.config, model.profile).map((each) => ({ ...each, path: `models[${at}].${each.path}` })),
  );
  const slips = found.filter(({ isSlip }) => isSlip);
  if (slips.length > 0) {
    const lines = slips.map(({ path, message }) => `  ${path}: ${message}`);
    throw new TidemarkError("configInvalid", `the configuration names what no profile has:\n${lines.join("\n")}`);
  }
  for (const { path, message } of found) onHint({ path, message });
  return createMonitoredModels(models);
}

async function loadModel(config: ModelConfig, directory: string): Promise<MonitoredModel> {
  const path = resolve(directory, config.profile);
  const profile = await readProfileFile(path);
  if (profile.model.name !== config.name) {
    const message = `${path} is a profile of the model "${profile.model.name}"; the configuration names it for "${config.name}"`;
    throw new TidemarkError("profileUnreadable", message, {
      fix: "Name the model's own profile in models[].profile, or make it with `tidemark profile`.",
    });
  }
  const features = profile.fields.filter((field) => field.target === "feature").map((field) => field.name);
  const vectors = (profile.embeddings ?? []).map(({ name }) => name);
  return { config, configId: contentHash(config), profile, features: new Set([...features, ...vectors]) };
}
