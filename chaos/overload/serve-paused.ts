// Run as a process with the path of a configuration: a processor whose store stops taking rows at SIGUSR2, and goes on at
// the next.
import { startProcessor } from "@tidemark/processor";
import { loadConfig } from "../../packages/cli/src/config/load-config.ts";
import { stopSignal } from "../../packages/cli/src/config/stop-signal.ts";
import { openStore } from "../../packages/processor/src/store/open-store.ts";

let going: Promise<void> = Promise.resolve();
let goOn: (() => void) | null = null;
process.on("SIGUSR2", () => {
  if (goOn === null) {
    going = new Promise((resolve) => {
      goOn = resolve;
    });
  } else {
    goOn();
    goOn = null;
  }
});

const { config, directory } = await loadConfig(process.argv[2]!);
const processor = await startProcessor({
  config,
  directory,
  openStore: async (path, options) => {
    const store = await openStore(path, options);
    const insert = store.insert.bind(store);
    store.insert = async (...given) => {
      await going;
      return insert(...given);
    };
    return store;
  },
});
console.log(`tidemark is listening on ${processor.url}`);
await stopSignal();
await processor.close();
