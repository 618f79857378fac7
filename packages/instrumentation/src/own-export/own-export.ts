import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Attributes } from "@opentelemetry/api";
import type { MetricProducer } from "../export/metric-data.ts";
import { sendRequest } from "../http/send-request.ts";
import type { DropCounter } from "../safety/drop-counter.ts";
import { describeValue } from "../safety/warn.ts";
import type { ExportSettings } from "./export-settings.ts";
import { toOtlpJson } from "./otlp-json.ts";

export interface OwnExportParts {
  readonly producer: MetricProducer;
  readonly settings: ExportSettings;
  readonly resource: () => Promise<Attributes>;
  readonly drops: DropCounter;
}

const compress = promisify(gzip);
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * A metric reader and exporter of our own, beside an SDK that is not ours to configure. One request at most is on its
 * way; while one is, an interval is left out: the next cumulative points say the same and more. Nothing waits for it,
 * nothing is queued, and it does not keep the process alive. No method throws or rejects.
 */
export class OwnExport {
  readonly #parts: OwnExportParts;
  #timer: NodeJS.Timeout | null = null;
  #inFlight: Promise<void> | null = null;

  constructor(parts: OwnExportParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      if (this.#inFlight === null) void this.#send(false);
    }, this.#parts.settings.intervalMs).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Sends what there is, after what is on its way, and has the process wait for it: at its end. */
  async flush(): Promise<void> {
    await this.#inFlight;
    await this.#send(true);
  }

  #send(keepsProcess: boolean): Promise<void> {
    this.#inFlight = this.#export(keepsProcess)
      .catch((error: unknown) => this.#countFailure(describeValue(error)))
      .finally(() => {
        this.#inFlight = null;
      });
    return this.#inFlight;
  }

  async #export(keepsProcess: boolean): Promise<void> {
    const { producer, resource, settings, drops } = this.#parts;
    const { resourceMetrics, errors } = await producer.collect();
    for (const error of errors) drops.addError(error);
    if (resourceMetrics.scopeMetrics.length === 0) return;
    const json = toOtlpJson(await resource(), resourceMetrics.scopeMetrics);
    const { status, body } = await sendRequest(settings.url, {
      method: "POST",
      headers: {
        ...settings.headers,
        "content-type": "application/json",
        ...(settings.isCompressed && { "content-encoding": "gzip" }),
      },
      body: settings.isCompressed ? await compress(json) : json,
      timeoutMs: settings.timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
      keepsProcess,
    });
    if (status < 200 || status >= 300) this.#countFailure(`HTTP ${status} ${body.slice(0, 100)}`);
  }

  #countFailure(problem: string): void {
    const { drops, settings } = this.#parts;
    drops.add("export_failed", () => `metrics could not be sent to ${settings.url}: ${problem}`);
  }
}
