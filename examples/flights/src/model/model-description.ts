import { readFile } from "node:fs/promises";

/** flight-delay.json, written by training/train.py beside the ONNX file. */
export interface ModelDescription {
  readonly name: string;
  readonly version: string;
  readonly features: readonly string[];
  readonly weekdays: readonly string[];
  /** A flight is called late from this score on. */
  readonly threshold: number;
  /** Smoothed share of late flights in the training data; `average` stands for airports not seen there. */
  readonly lateShare: {
    readonly average: number;
    readonly origin: Readonly<Record<string, number>>;
    readonly destination: Readonly<Record<string, number>>;
  };
}

const modelFolder = new URL("../../model/", import.meta.url);

export const MODEL_FILE = new URL("flight-delay.onnx", modelFolder);

/** Reads the committed description. */
export async function readModelDescription(): Promise<ModelDescription> {
  return JSON.parse(await readFile(new URL("flight-delay.json", modelFolder), "utf8")) as ModelDescription;
}
