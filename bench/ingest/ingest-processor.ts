import { writeFileSync } from "node:fs";
import path from "node:path";
import { contentHash, type Profile } from "@tidemark/schema";
import { type ProcessorProcess, startProcessorProcess } from "../../chaos/processor/processor-process.ts";
import { testProfile } from "../../packages/processor/test/service/test-profile.ts";
import { FEATURES, modelName } from "./ingest-requests.ts";

export interface IngestProcessorOptions {
  readonly maxQueuedBytes?: number;
  /** A program to run instead of `tidemark serve`. */
  readonly command?: readonly string[];
}

/** A real processor that watches `models` models of 20 numeric features. */
export function startIngestProcessor(
  folder: string,
  models: number,
  { maxQueuedBytes, command = [] }: IngestProcessorOptions = {},
): Promise<ProcessorProcess> {
  const configured = Array.from({ length: models }, (_, index) => {
    const name = modelName(index);
    const profile = `${name}.profile.json`;
    writeFileSync(path.join(folder, profile), JSON.stringify(profileOf(name)));
    return { name, profile, windows: ["24h"] };
  });
  const server = { port: 0, ...(maxQueuedBytes === undefined ? {} : { maxQueuedBytes }) };
  return startProcessorProcess({ folder, command, config: { server, models: configured } });
}

function profileOf(name: string): Profile {
  const { id: _id, fields, ...rest } = testProfile();
  const [template] = fields;
  const features = Array.from({ length: FEATURES }, (_, index) => ({ ...template!, name: `feature_${index}` }));
  const score = fields.find(({ target }) => target === "prediction")!;
  const content = { ...rest, model: { ...rest.model, name }, fields: [...features, score] };
  return { ...content, id: contentHash(content) };
}
