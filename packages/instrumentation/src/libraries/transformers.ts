import path from "node:path";
import { follow } from "../auto/follow.ts";
import type { Library, ModelRef } from "../auto/library.ts";
import type { Tensor } from "../auto/tensor.ts";
import { undoAll, wrapMethod } from "../auto/wrap-method.ts";

/** The parts of a pipeline that are used. */
interface Pipeline {
  readonly task?: string;
  readonly model?: object;
}

interface PipelineClass {
  readonly prototype: object;
}

/** Parts of a model's name that are kept: `Xenova/distilbert` of a path. */
const NAME_PARTS = 2;

/**
 * Pipelines of @huggingface/transformers: what a pipeline was asked and answered is one call; the runs of onnxruntime
 * below it are not noted again. Texts are counted by their length. Labels are read where the task gives classes; of
 * generated or extracted text nothing is read, of lists of findings their number.
 */
export const transformers: Library = {
  name: "transformers",
  install(host) {
    const names = new WeakMap<object, string>();

    const refOf = ({ task, model }: Pipeline): ModelRef => {
      const name = (model && names.get(model)) ?? task ?? "pipeline";
      return { library: "transformers", name, version: null };
    };

    host.onModule(
      "@huggingface/transformers",
      { from: "3.0.0", below: "5.0.0" },
      (exports: Readonly<Record<string, unknown>>) =>
        undoAll([
          wrapMethod(exports["PreTrainedModel"] as object | undefined, "from_pretrained", (load) => {
            return async function (this: unknown, ...args: unknown[]) {
              const model = await load.apply(this, args);
              host.guard(() => typeof args[0] === "string" && names.set(model, shortName(args[0])));
              return model;
            };
          }),
          ...pipelineClasses(exports).map(({ prototype }) =>
            wrapMethod(prototype, "_call", (original) => {
              return function (this: Pipeline, ...args: unknown[]) {
                const call = host.start(refOf(this));
                const ask = () => host.withoutNesting(() => original.apply(this, args) as Promise<unknown>);
                return follow(call, ask, {
                  inputs: () => [textTensor(args[0])],
                  outputs: (result) => toOutputs(result, Array.isArray(args[0])),
                });
              };
            }),
          ),
        ]),
    );
  },
};

/** The classes that answer calls themselves. One that answers by its parent's answer is noted once: calls do not nest. */
function pipelineClasses(exports: Readonly<Record<string, unknown>>): PipelineClass[] {
  return Object.keys(exports)
    .filter((name) => name.endsWith("Pipeline"))
    .map((name) => exports[name] as PipelineClass)
    .filter(({ prototype }) => Object.hasOwn(prototype, "_call"));
}

/** `Xenova/distilbert` of a hub's name, and of a path its last two parts. */
function shortName(source: string): string {
  return source
    .split(/[\\/]/)
    .filter((part) => part !== "" && part !== ".")
    .slice(-NAME_PARTS)
    .join(path.posix.sep);
}

/** What was asked, one row an entry; whatever is no text has rows but no values. */
function textTensor(asked: unknown): Tensor {
  const entries: readonly unknown[] = Array.isArray(asked) ? asked : [asked];
  const kind = entries.every((entry) => typeof entry === "string") ? "text" : "other";
  return { name: kind === "text" ? "text" : "input", kind, dims: [entries.length], data: entries };
}

function toOutputs(result: unknown, isBatch: boolean): Tensor[] {
  const rows: readonly unknown[] = isBatch && Array.isArray(result) ? result : [unwrap(result)];
  const answers = rows.map(answerOf);
  const column = (name: keyof Answer, kind: Tensor["kind"]): Tensor[] =>
    answers.every((answer) => answer[name] !== undefined)
      ? [{ name, kind, dims: [rows.length], data: answers.map((answer) => answer[name]) }]
      : [];
  return [...column("score", "number"), ...column("label", "text"), ...column("count", "number")];
}

/** A single answer comes bare or as the only entry of a list. */
function unwrap(result: unknown): unknown {
  return Array.isArray(result) && result.length === 1 ? result[0] : result;
}

interface Answer {
  readonly score?: number;
  readonly label?: string;
  /** Findings of a detection; its name must not look like a score. */
  readonly count?: number;
}

function answerOf(row: unknown): Answer {
  const list = Array.isArray(row) ? row : null;
  const found = (list === null ? row : list[0]) as Readonly<Record<string, unknown>> | null | undefined;
  if (list !== null && (list.length === 0 || isFinding(found))) return { count: list.length };
  if (typeof found !== "object" || found === null) return {};
  const label = found["label"] ?? (found["labels"] as unknown[] | undefined)?.[0];
  const score = found["score"] ?? (found["scores"] as unknown[] | undefined)?.[0];
  return {
    ...(typeof score === "number" && { score }),
    ...(typeof label === "string" && !isFinding(found) && { label }),
  };
}

/** An entity, a box or a mask: one of any number that an input may have. */
function isFinding(found: Readonly<Record<string, unknown>> | null | undefined): boolean {
  return found != null && ["entity", "entity_group", "box", "mask"].some((key) => key in found);
}
