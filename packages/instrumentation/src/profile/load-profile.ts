import { readFileSync } from "node:fs";
import { describeValue } from "../safety/warn.ts";
import type { ProfileJson } from "./profile-json.ts";

/** A profile, or the path of the file that `tidemark profile` wrote. */
export type ProfileSource = ProfileJson | string;

/** The profile of a source and, where its file cannot be read, why. Reads at once: a model is described at start. */
export function loadProfile(source: ProfileSource | undefined): {
  readonly profile: ProfileJson | undefined;
  readonly problem: string | null;
} {
  if (typeof source !== "string") return { profile: source, problem: null };
  try {
    return { profile: JSON.parse(readFileSync(source, "utf8")) as ProfileJson, problem: null };
  } catch (error) {
    return { profile: undefined, problem: `profile ${source} cannot be read: ${describeValue(error)}` };
  }
}
