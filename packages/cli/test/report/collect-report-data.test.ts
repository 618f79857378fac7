import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { it } from "node:test";
import { TidemarkError } from "@tidemark/semconv";
import { collectReportData } from "../../src/report/collect-report-data.ts";
import { httpReadApi } from "../../src/report/http-read-api.ts";
import { reportPage } from "../../src/report/report-page.ts";
import { fixtureApi } from "./report-fixture.ts";

const API = fixtureApi({ seed: 1, story: "units" });

it("takes the longest window that is judged", async () => {
  const { models } = await collectReportData(API);
  assert.equal(models[0]?.windowName, "7d");
  assert.ok(models[0]?.measurements.every(({ window }) => window.name === "7d"));
});

it("a model that is not there is named, with the nearest that is", async () => {
  await assert.rejects(collectReportData(API, "flight-dely"), (error) => {
    assert.ok(error instanceof TidemarkError);
    assert.match(error.message, /no model is called "flight-dely"; it knows flight-delay/);
    assert.match(error.fix, /Did you mean --model flight-delay\?/);
    return true;
  });
});

it("the page says what it is", async () => {
  const { contentType, body } = await reportPage(API);
  assert.equal(contentType, "text/html; charset=utf-8");
  assert.match(body, /^<!doctype html>/);
});

it("over HTTP the same data come from the read API's paths", async () => {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    asked.push(url.pathname);
    const filter = { model: "flight-delay", version: "1", role: "champion", windowName: "7d" } as const;
    const answers: Record<string, () => Promise<unknown>> = {
      "/v1/models": async () => ({ models: await API.models() }),
      "/v1/measurements": async () => {
        const { windowName: _name, ...any } = filter;
        const harm = "?model=flight-delay&version=1&role=champion&metric=ml.performance.harm";
        if (url.search === `${harm}&kind=prediction`) {
          const whole = { metric: "ml.performance.harm", targetKind: "prediction" } as const;
          return { measurements: await API.measurements({ ...any, ...whole }) };
        }
        if (url.search === `${harm}&kind=segment&latest=true`) {
          const segments = { metric: "ml.performance.harm", targetKind: "segment", latest: true } as const;
          return { measurements: await API.measurements({ ...any, ...segments }) };
        }
        if (
          url.search === "?model=flight-delay&version=1&role=champion&window=24h&metric=ml.drift.severity&latest=true"
        ) {
          const continuous = { windowName: "24h", metric: "ml.drift.severity", latest: true };
          return { measurements: await API.measurements({ ...any, ...continuous }) };
        }
        assert.equal(url.search, "?model=flight-delay&version=1&role=champion&window=7d");
        return { measurements: await API.measurements(filter) };
      },
      "/v1/incidents": async () => ({ incidents: await API.incidents(filter) }),
      "/v1/outcomes": () => API.outcomes("flight-delay"),
      "/v1/explanations": async () => ({ explanations: await API.explanations(filter) }),
      "/v1/comparisons": async () => ({ comparisons: await API.comparisons("flight-delay") }),
      "/v1/ensembles": async () => ({ ensembles: await API.ensembles("flight-delay") }),
      "/v1/status": async () => API.status(),
    };
    const isProfile = url.pathname.startsWith("/v1/profiles/sha256%3A");
    const answer = isProfile
      ? await API.profile(decodeURIComponent(url.pathname.slice(13)))
      : await answers[url.pathname]?.();
    response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A test that fails ends all the same.
  server.unref();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const now = () => new Date(0);
  const overHttp = await collectReportData(httpReadApi(url), undefined, now);
  server.close();
  server.closeAllConnections();
  assert.deepEqual(overHttp, JSON.parse(JSON.stringify(await collectReportData(API, undefined, now))));
  assert.equal(asked.length, 12);
});

it("a processor that does not answer is named", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(httpReadApi(url).models(), (error) => {
    assert.ok(error instanceof TidemarkError);
    assert.equal(error.code, "TIDEMARK_PROCESSOR_UNREACHABLE");
    assert.equal(error.message, `nothing answers at ${url}`);
    return true;
  });
});
