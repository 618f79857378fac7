import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { sendRequest } from "../http/send-request.ts";
import { describeValue, warn } from "../safety/warn.ts";
import type { ProfileJson } from "./profile-json.ts";

export interface ProfileFetcherOptions {
  /** URL of the processor, such as http://processor:4318. */
  readonly processorUrl: string;
  /** Sent with each request: an authorization. */
  readonly headers: Readonly<Record<string, string>>;
  /** Folder in which profiles are kept for the next start; null for none. */
  readonly cacheFolder: string | null;
  /** Wait before the second try; doubled for each one after, up to `maxRetryMs`. */
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
}

const TIMEOUT_MS = 10_000;
const MAX_PROFILE_BYTES = 16 * 1024 * 1024;

interface ProfileList {
  readonly profiles: readonly { readonly id: string; readonly model: string; readonly active: boolean }[];
}

/**
 * Fetches the profiles by which the processor judges, once a model, at start: tried again, ever less often, until it
 * answers, while the service goes on without. What came is kept in a folder, so that the next start has it at once.
 * No method throws, and no try keeps a process alive that is done.
 */
export class ProfileFetcher {
  readonly #options: ProfileFetcherOptions;

  constructor(options: ProfileFetcherOptions) {
    this.#options = options;
  }

  /**
   * The kept profile of a model; undefined where there is none.
   *
   * @param onProfile gets the processor's, once, unless it is the one that was kept
   */
  follow(model: string, onProfile: (profile: ProfileJson) => void): ProfileJson | undefined {
    const kept = this.#readKept(model);
    void this.#fetchUntilItCame(model, kept?.id, onProfile);
    return kept;
  }

  async #fetchUntilItCame(
    model: string,
    keptId: string | undefined,
    onProfile: (profile: ProfileJson) => void,
  ): Promise<void> {
    for (let retryMs = this.#options.firstRetryMs; ; retryMs = Math.min(2 * retryMs, this.#options.maxRetryMs)) {
      try {
        const id = await this.#activeId(model);
        if (id === keptId) return;
        const text = await this.#get(`/v1/profiles/${encodeURIComponent(id)}`);
        onProfile(parseProfile(text, model));
        this.#keep(model, text);
        return;
      } catch (error) {
        if (retryMs === this.#options.firstRetryMs) {
          warn(`model ${model}: its profile cannot be fetched yet and is tried again: ${describeValue(error)}`);
        }
      }
      // Spread, so that a fleet that started together does not come back together.
      await pause(retryMs * (0.5 + Math.random() / 2));
    }
  }

  async #activeId(model: string): Promise<string> {
    const { profiles } = JSON.parse(await this.#get("/v1/profiles")) as ProfileList;
    const active = profiles.find((profile) => profile.model === model && profile.active);
    if (active === undefined) throw new Error(`the processor judges no model of the name ${JSON.stringify(model)}`);
    return active.id;
  }

  async #get(place: string): Promise<string> {
    const { processorUrl, headers } = this.#options;
    const { status, body } = await sendRequest(`${processorUrl.replace(/\/+$/, "")}${place}`, {
      method: "GET",
      headers,
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_PROFILE_BYTES,
    });
    if (status !== 200) throw new Error(`${processorUrl}${place} answered ${status}: ${body.slice(0, 100)}`);
    return body;
  }

  #readKept(model: string): ProfileJson | undefined {
    const file = this.#fileOf(model);
    if (file === null) return undefined;
    try {
      return parseProfile(readFileSync(file, "utf8"), model);
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
      if (!isMissing) warn(`model ${model}: the kept profile ${file} cannot be used: ${describeValue(error)}`);
      return undefined;
    }
  }

  /** By renaming: a start beside this one never reads half a profile. */
  #keep(model: string, text: string): void {
    const file = this.#fileOf(model);
    if (file === null) return;
    try {
      mkdirSync(path.dirname(file), { recursive: true });
      const draft = `${file}.${process.pid}.tmp`;
      writeFileSync(draft, text);
      renameSync(draft, file);
    } catch (error) {
      warn(`model ${model}: its profile cannot be kept in ${file}: ${describeValue(error)}`);
    }
  }

  #fileOf(model: string): string | null {
    const { cacheFolder } = this.#options;
    return cacheFolder === null ? null : path.join(cacheFolder, `${encodeURIComponent(model)}.profile.json`);
  }
}

function parseProfile(text: string, model: string): ProfileJson {
  const profile = JSON.parse(text) as ProfileJson;
  if (typeof profile?.id !== "string" || profile.model?.name !== model) throw new Error(`it is no profile of ${model}`);
  return profile;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
