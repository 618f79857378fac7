import type { EngineSession } from "./engine-session.ts";
import { forgetManifest, listParts, writeManifest } from "./manifest.ts";

/** Keeps the list of parts on disk while parts come, and takes it away before parts are removed on purpose. */
export class PartList {
  private readonly folder: string;
  private readonly session: EngineSession;
  private notedMs = Number.NEGATIVE_INFINITY;
  private removals = 0;

  constructor(folder: string, session: EngineSession) {
    this.folder = folder;
    this.session = session;
  }

  /** Writes down which parts there are, unless that was done within the last `intervalMs`. */
  async note(intervalMs: number): Promise<void> {
    const nowMs = performance.now();
    if (nowMs - this.notedMs < intervalMs) return;
    this.notedMs = nowMs;
    const { removals } = this;
    const parts = await listParts(this.session);
    // What was listed before a removal began would be missed after a crash, and the store would not open.
    if (removals === this.removals) writeManifest(this.folder, parts);
  }

  /** Before parts are removed on purpose. */
  forget(): void {
    this.removals++;
    forgetManifest(this.folder);
  }
}
