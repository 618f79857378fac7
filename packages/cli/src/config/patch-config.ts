import type { LineProposal } from "@tidemark/responder";
import { createTwoFilesPatch } from "diff";
import { isMap, isSeq, parseDocument } from "yaml";

export interface PatchedConfig {
  /** Unified diff that `git apply` or `patch` takes; empty where nothing could be changed. */
  readonly patch: string;
  /** Proposals that are not in it, and why, a line each. */
  readonly left: readonly string[];
}

/**
 * The change of a configuration that some proposals ask for, as a patch that a person reads and applies. Comments and the
 * order of keys stay.
 * @param text content of tidemark.yaml.
 * @param file its path as the patch names it.
 */
export function patchConfig(text: string, file: string, proposals: readonly LineProposal[]): PatchedConfig {
  const document = parseDocument(text);
  const models = document.get("models");
  const left: string[] = [];
  let changes = 0;
  for (const { model, setting, value } of proposals) {
    const index = isSeq(models) ? models.items.findIndex((entry) => isMap(entry) && entry.get("name") === model) : -1;
    const path = ["models", index, ...setting];
    const metric = index < 0 ? undefined : document.getIn([...path, "metric"]);
    if (index < 0) left.push(`${setting.join(".")}: ${file} has no model ${model}`);
    else if (metric !== undefined && metric !== "psi") {
      left.push(`${setting.join(".")}: it is set for ${String(metric)} already, and the proposal is in PSI`);
    } else {
      document.setIn(path, document.createNode(value));
      changes++;
    }
  }
  if (changes === 0) return { patch: "", left };
  const changed = document.toString({ lineWidth: 0 });
  return { patch: createTwoFilesPatch(`a/${file}`, `b/${file}`, text, changed, "", ""), left };
}
