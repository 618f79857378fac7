import path from "node:path";
import { fileURLToPath } from "node:url";
import { processFiles } from "@tidemark/example-flights";
import type { DemoFolder } from "./demo-folder.ts";
import type { ManagedProcess } from "./managed-process.ts";
import type { ProcessGroup } from "./process-group.ts";

/** This command line, from the source tree or from a build. */
const TIDEMARK = fileURLToPath(new URL(`../main${path.extname(import.meta.url)}`, import.meta.url));

/** A server of the demo and the address at which it can be reached. */
export interface DemoServer {
  readonly process: ManagedProcess;
  readonly url: string;
}

/** Starts `tidemark serve` and resolves when it listens. */
export async function startProcessorProcess(group: ProcessGroup, folder: DemoFolder): Promise<DemoServer> {
  const process = group.start({ name: "processor", file: TIDEMARK, args: ["serve", folder.config] });
  return { process, url: await process.waitFor(/^tidemark is listening on (\S+)/) };
}

/** Starts the model service and resolves when it listens. There is no trace backend, so spans go nowhere. */
export async function startServiceProcess(
  group: ProcessGroup,
  folder: DemoFolder,
  processorUrl: string,
): Promise<DemoServer> {
  const process = group.start({
    name: "model service",
    file: processFiles.service,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: processorUrl,
      OTEL_TRACES_EXPORTER: "none",
      TIDEMARK_PROFILE: folder.profile,
      REPLAY: "1",
    },
  });
  return { process, url: await process.waitFor(/"url":"([^"]+)"/) };
}

/** Starts the traffic: it runs until all flights have landed. */
export function startTrafficProcess(
  group: ProcessGroup,
  options: { flights: string; serviceUrl: string; processorUrl: string; incident: string | null },
): ManagedProcess {
  const { flights, serviceUrl, processorUrl, incident } = options;
  return group.start({
    name: "traffic",
    file: processFiles.traffic,
    args: ["--flights", flights, "--service", serviceUrl, ...(incident === null ? [] : ["--incident", incident])],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: processorUrl },
    ends: true,
  });
}
