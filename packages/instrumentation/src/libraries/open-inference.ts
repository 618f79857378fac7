import type { Library } from "../auto/library.ts";
import { undoAll } from "../auto/wrap-method.ts";
import { watchFetch } from "../open-inference/fetch-calls.ts";
import { watchHttp } from "../open-inference/http-calls.ts";
import { watchUndici } from "../open-inference/undici-calls.ts";

/**
 * Model servers that speak the Open Inference Protocol, version 2, over HTTP: KServe, Triton, MLServer, OpenVINO. A model
 * is named as the server has it, with the version that the URL or the answer says.
 */
export const openInference: Library = {
  name: "open_inference",
  install(host) {
    host.onStart(() => undoAll([watchFetch(host), watchHttp(host), watchUndici(host)])!);
  },
};
