import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nearestName } from "@tidemark/semconv";
import type { ExportFormat, ExportRequest } from "../export/export-predictions.ts";
import type { Answer } from "../receive/answer.ts";
import { createRoom } from "../receive/create-room.ts";
import { createFairShare } from "../receive/fair-share.ts";
import type { ModelKey } from "../store/models.ts";
import { parseQuery, querySchemas } from "./query-schemas.ts";
import { RequestError } from "./request-error.ts";
import type { Route, RouteCall } from "./routes.ts";

export interface ExportOptions {
  readonly listKeys: (tenant: string) => Promise<readonly ModelKey[]>;
  readonly writeFile: (request: ExportRequest) => Promise<void>;
}

const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  parquet: "application/vnd.apache.parquet",
  csv: "text/csv; charset=utf-8",
  jsonl: "application/jsonl; charset=utf-8",
};

/** Files that are made or sent at a time: each is a copy on the disk for as long as its reader takes. */
const MAX_EXPORTS = 4;
const SEND_WITHIN_MS = 3_600_000;

/** Predictions joined with their outcomes as one file, written by the engine and streamed from disk. */
export function exportRoute(options: ExportOptions): Route {
  const places = createRoom(MAX_EXPORTS, () => 0);
  const shares = createFairShare(MAX_EXPORTS);
  /** Takes a place for a tenant; returns what gives it back. */
  const enter = (tenant: string): (() => void) => {
    if (!places.isLeft() || shares.isOver(tenant)) {
      const fix = "Ask again when one of them has ended.";
      throw new RequestError(503, "storeBusy", "too many exports run at once", fix, { "retry-after": "5" });
    }
    places.take(1);
    shares.take(tenant, 1);
    return () => {
      places.give(1);
      shares.give(tenant, 1);
    };
  };
  return {
    method: "GET",
    path: "/v1/export",
    summary: "Predictions with their outcomes as Parquet, CSV or JSON lines.",
    scope: "read",
    query: querySchemas.export,
    answer: (call) => answerExport(call, options, enter),
  };
}

async function answerExport(
  { query, principal }: RouteCall,
  { listKeys, writeFile }: ExportOptions,
  enter: (tenant: string) => () => void,
): Promise<Answer> {
  const { model, version, role, format, from, to, labelled } = parseQuery(querySchemas.export, query);
  const stored = await listKeys(principal.tenant);
  const keys = stored.filter(
    (key) =>
      key.model === model &&
      (version === undefined || key.version === version) &&
      (role === undefined || key.role === role),
  );
  const [key, ...others] = keys;
  if (key === undefined) {
    const names = [...new Set(stored.map((each) => each.model))];
    const nearest = names.includes(model) ? null : nearestName(model, names);
    const fix = nearest === null ? `Stored models: ${names.join(", ") || "none"}.` : `Did you mean ${nearest}?`;
    throw new RequestError(404, "notFound", `nothing is stored of the model "${model}" asked for`, fix);
  }
  if (others.length > 0) {
    const found = keys.map((each) => `version=${each.version}&role=${each.role}`).join(", ");
    throw new RequestError(400, "requestInvalid", `the model "${model}" has several versions`, `Add one of ${found}.`);
  }
  const leave = enter(principal.tenant);
  const folder = await mkdtemp(join(tmpdir(), "tidemark-export-")).catch((error: unknown) => {
    leave();
    throw error;
  });
  const remove = async () => {
    leave();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const path = join(folder, `predictions.${format}`);
    await writeFile({
      key,
      path,
      format,
      ...(from === undefined ? {} : { fromMs: from }),
      ...(to === undefined ? {} : { toMs: to }),
      labelledOnly: labelled === "true",
    });
    const body = createReadStream(path);
    const tooSlow = setTimeout(
      () => body.destroy(new Error("the export was not taken in an hour")),
      SEND_WITHIN_MS,
    ).unref();
    body.once("close", () => {
      clearTimeout(tooSlow);
      void remove();
    });
    return {
      status: 200,
      contentType: CONTENT_TYPES[format],
      body,
      headers: { "content-disposition": `attachment; filename="${fileName(key)}.${format}"` },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

function fileName({ model, version, role }: ModelKey): string {
  return [model, version, role].join("-").replaceAll(/[^\w.-]/g, "_");
}
