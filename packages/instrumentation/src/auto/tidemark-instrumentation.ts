import { type MeterProvider, metrics, type TracerProvider, trace } from "@opentelemetry/api";
import type { AutoConfig, LibraryName, ModelConfig } from "../config/auto-config.ts";
import { readConfig } from "../config/read-config.ts";
import { assembleTidemark, type Tidemark } from "../create-tidemark.ts";
import { type Logger, type LoggerProvider, registeredLoggerProvider } from "../events/find-logger.ts";
import type { MetricProducer } from "../export/metric-data.ts";
import { libraries } from "../libraries/registry.ts";
import { readExportSettings } from "../own-export/export-settings.ts";
import { flushAtEnd } from "../own-export/flush-at-end.ts";
import { hostResource } from "../own-export/host-resource.ts";
import { OwnExport } from "../own-export/own-export.ts";
import { loadProfile } from "../profile/load-profile.ts";
import type { ProfileJson } from "../profile/profile-json.ts";
import { DropCounter } from "../safety/drop-counter.ts";
import { warn } from "../safety/warn.ts";
import { VERSION } from "../version.ts";
import type { ModelRef, Undo } from "./library.ts";
import { ModelCalls } from "./model-calls.ts";
import { ModuleHooks } from "./module-hooks.ts";

/** Options of the instrumentation, beside those of the configuration file and the environment. */
export interface TidemarkInstrumentationConfig {
  /** Patches at once; true unless given. */
  readonly enabled?: boolean;
  /** Path of the configuration file; the one that TIDEMARK_CONFIG names unless given. */
  readonly configFile?: string;
  /** Libraries that are instrumented; those of the configuration unless given. */
  readonly libraries?: readonly LibraryName[];
  /**
   * Sends the metrics by a reader and exporter of our own, to where the host's SDK sends its own and with the same
   * resource: for an SDK whose metric readers cannot be given `metricProducer`. False unless given.
   */
  readonly ownExport?: boolean;
}

/**
 * Records what the model libraries of a service predict, without a change to its code. An OpenTelemetry instrumentation
 * for `registerInstrumentations` and the `instrumentations` option of NodeSDK; `metricProducer` goes to the metric
 * reader. Nothing of it throws into the host.
 */
export class TidemarkInstrumentation {
  readonly instrumentationName = "@tidemark/instrumentation";
  readonly instrumentationVersion = VERSION;
  /** The record API behind it: for outcomes, and for predictions that no library makes. */
  readonly tidemark: Tidemark;
  /** For the `metricProducers` option of the host's metric reader. */
  readonly metricProducer: MetricProducer;
  readonly #config: AutoConfig;
  readonly #hooks = new ModuleHooks();
  readonly #patches: (() => Undo)[] = [];
  #options: TidemarkInstrumentationConfig;
  #undos: Undo[] | null = null;
  #tracerProvider: TracerProvider | undefined;
  #meterProvider: MeterProvider | undefined;
  #loggerProvider: LoggerProvider | undefined;

  constructor(options: TidemarkInstrumentationConfig = {}) {
    this.#options = options;
    const { configFile, libraries: only } = options;
    const { config, problems } = readConfig(configFile ? { ...process.env, TIDEMARK_CONFIG: configFile } : process.env);
    for (const problem of problems) warn(problem);
    this.#config = only === undefined ? config : { ...config, libraries: new Set(only) };
    const drops = new DropCounter();
    const { tidemark, models } = assembleTidemark(this.#tidemarkOptions(), drops);
    this.tidemark = tidemark;
    const calls = new ModelCalls({ models, config: this.#config, drops, profileOf });
    this.metricProducer = {
      collect: (options) => {
        calls.releaseWaiting();
        return this.tidemark.metricProducer.collect(options);
      },
    };
    this.#install(calls);
    if (options.ownExport === true) this.#startOwnExport(drops);
    if (options.enabled !== false) this.enable();
  }

  enable(): void {
    if (this.#undos !== null || this.#config.isDisabled) return;
    this.#hooks.start();
    this.#undos = this.#patches.map((patch) => patch());
  }

  disable(): void {
    if (this.#undos === null) return;
    this.#hooks.stop();
    for (const undo of this.#undos) undo();
    this.#undos = null;
  }

  /** Takes the spans; the registered global provider unless given. */
  setTracerProvider(provider: TracerProvider): void {
    if (provider !== trace.getTracerProvider()) this.#tracerProvider = provider;
  }

  /** Takes the events; the registered global provider unless given. */
  setLoggerProvider(provider: LoggerProvider): void {
    // Stand-ins for a provider that is yet to be registered: once it is, it is found where it was.
    const isStandIn = /^(Proxy|Noop)/i.test(provider?.constructor?.name ?? "");
    if (!isStandIn) this.#loggerProvider = provider;
  }

  /** Only its resource is taken: points come by `metricProducer`, since instruments are too slow for a value a feature. */
  setMeterProvider(provider: MeterProvider): void {
    this.#meterProvider = provider;
  }

  setConfig(config: TidemarkInstrumentationConfig): void {
    this.#options = config;
  }

  getConfig(): TidemarkInstrumentationConfig {
    return { enabled: true, ...this.#options };
  }

  #startOwnExport(drops: DropCounter): void {
    if (this.#config.isDisabled) return;
    const settings = readExportSettings(process.env, this.#config.metricsEndpoint);
    if (typeof settings === "string") {
      warn(`no metrics are sent: ${settings}`);
      return;
    }
    const providers = () => [
      this.#tracerProvider,
      this.#meterProvider,
      metrics.getMeterProvider(),
      trace.getTracerProvider(),
    ];
    const resource = () => hostResource(providers(), process.env);
    const ownExport = new OwnExport({ producer: this.metricProducer, settings, resource, drops });
    ownExport.start();
    flushAtEnd(ownExport, providers);
  }

  #install(calls: ModelCalls): void {
    for (const library of libraries) {
      if (!this.#config.libraries.has(library.name)) continue;
      library.install({
        onModule: (name, versions, patch) => this.#hooks.add({ name, versions, patch }),
        onStart: (patch) => void this.#patches.push(patch),
        start: (model) => calls.start(model),
        guard: (action) => calls.guard(action),
        withoutNesting: (run) => calls.withoutNesting(run),
      });
    }
  }

  #tidemarkOptions() {
    const { sampling, hashKeyFile, temporality, processor, processorHeaders, profileCache } = this.#config;
    return {
      tracerProvider: {
        getTracer: (...args: Parameters<TracerProvider["getTracer"]>) =>
          (this.#tracerProvider ?? trace.getTracerProvider()).getTracer(...args),
      },
      // Asked when the first event is sent: by then the host has registered its providers.
      loggerProvider: {
        getLogger: (...args: Parameters<LoggerProvider["getLogger"]>) =>
          (this.#loggerProvider ?? registeredLoggerProvider())?.getLogger(...args) as Logger,
      },
      sampling,
      hashKeyFile: hashKeyFile ?? undefined,
      temporality,
      ...(processor !== null && {
        profiles: { processorUrl: processor, headers: processorHeaders, cacheFolder: profileCache ?? undefined },
      }),
    };
  }
}

function profileOf({ name }: ModelRef, config: ModelConfig | null): ProfileJson | undefined {
  const { profile, problem } = loadProfile(config?.profile ?? undefined);
  if (problem !== null) warn(`model ${config?.name ?? name}: ${problem}; the service goes on without it`);
  return profile;
}
