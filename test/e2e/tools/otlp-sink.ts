import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

type Value = { stringValue?: string; doubleValue?: number; intValue?: string };
interface KeyValue {
  readonly key: string;
  readonly value: Value;
}

/** One log record, span or data point, flattened: its name, its attributes, and what else it holds. */
export interface SinkItem {
  readonly kind: "log" | "span" | "point";
  /** Event name, span name, or metric name. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
  /** The item as OTLP JSON has it. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface OtlpSink extends AsyncDisposable {
  readonly url: string;
  readonly items: readonly SinkItem[];
}

/** Makes the Collector's HTTP exporters send what the sink reads. */
export const JSON_ENCODING = (...exporters: readonly string[]) =>
  `exporters:\n${exporters.map((name) => `  ${name}: {encoding: json, compression: none}\n`).join("")}`;

/** A backend that takes OTLP/HTTP as JSON and keeps what comes. */
export async function startOtlpSink(): Promise<OtlpSink> {
  const items: SinkItem[] = [];
  const server = createServer(async (request, response) => {
    try {
      items.push(...itemsOf(JSON.parse(await text(request)) as OtlpRequest));
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    } catch (error) {
      response.writeHead(400).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    items,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An export request, as far as it is read. */
interface OtlpRequest {
  readonly resourceLogs?: readonly { readonly scopeLogs: readonly { readonly logRecords: readonly Body[] }[] }[];
  readonly resourceSpans?: readonly { readonly scopeSpans: readonly { readonly spans: readonly Body[] }[] }[];
  readonly resourceMetrics?: readonly { readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[] }[];
}
type Body = Readonly<Record<string, unknown>> & { readonly attributes?: readonly KeyValue[] };
type Points = { readonly dataPoints: readonly Body[] };
type Metric = { readonly name: string } & Partial<
  Record<"histogram" | "exponentialHistogram" | "sum" | "gauge", Points>
>;

function itemsOf({ resourceLogs = [], resourceSpans = [], resourceMetrics = [] }: OtlpRequest): SinkItem[] {
  const logs = resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
  const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  const metrics = resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  return [
    ...logs.map((body) => item("log", String(body["eventName"]), body)),
    ...spans.map((body) => item("span", String(body["name"]), body)),
    ...metrics.flatMap(({ name, histogram, exponentialHistogram, sum, gauge }) => {
      const points = histogram ?? exponentialHistogram ?? sum ?? gauge;
      return (points?.dataPoints ?? []).map((body) => item("point", name, body));
    }),
  ];
}

function item(kind: SinkItem["kind"], name: string, body: Body): SinkItem {
  const attributes = (body.attributes ?? []).map(({ key, value }) => [
    key,
    value.stringValue ?? value.doubleValue ?? (value.intValue === undefined ? undefined : Number(value.intValue)),
  ]);
  return { kind, name, attributes: Object.fromEntries(attributes), body };
}
