import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, type PeerCertificate, type TLSSocket } from "node:tls";
import { pino } from "pino";
import { generate } from "selfsigned";
import { type Processor, startProcessor } from "../../src/index.ts";
import { testConfig } from "./start-test-processor.ts";
import { testProfile } from "./test-profile.ts";

interface Pem {
  readonly cert: string;
  readonly private: string;
}

const logger = pino({ level: "silent" });
let directory: string;
let processor: Processor;
let authority: Pem;
let stranger: Pem;

const keyType = { keyType: "ec", algorithm: "sha256" } as const;

function makeAuthority(name: string): Promise<Pem> {
  return generate([{ name: "commonName", value: name }], {
    ...keyType,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true },
    ],
  });
}

function makeCertificate(name: string, by: Pem, uri = "spiffe://example.org/none"): Promise<Pem> {
  const altNames = [
    { type: 7, ip: "127.0.0.1" },
    { type: 6, value: uri },
  ] as const;
  return generate([{ name: "commonName", value: name }], {
    ...keyType,
    ca: { key: by.private, cert: by.cert },
    extensions: [{ name: "subjectAltName", altNames: [...altNames] }],
  });
}

async function writeServerCertificate(name: string): Promise<void> {
  const pem = await makeCertificate(name, authority);
  await writeFile(join(directory, "server.key"), pem.private);
  await writeFile(join(directory, "server.crt"), pem.cert);
}

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "tidemark-tls-"));
  [authority, stranger] = await Promise.all([makeAuthority("authority"), makeAuthority("stranger")]);
  await writeServerCertificate("first");
  await writeFile(join(directory, "clients.crt"), authority.cert);
  await writeFile(join(directory, "profile.json"), JSON.stringify(testProfile()));
  const credentials = [
    { name: "by-uri", tenant: "default", scopes: ["read"], certificate: "spiffe://example.org/reader" },
    { name: "by-name", tenant: "default", scopes: ["ingest"], certificate: "sender" },
  ];
  await writeFile(join(directory, "credentials.yaml"), JSON.stringify({ credentials }));
  const config = testConfig({
    server: {
      port: 0,
      grpcPort: 0,
      access: { credentials: "credentials.yaml" },
      tls: { certificate: "server.crt", key: "server.key", clientAuthorities: "clients.crt" },
    },
  });
  processor = await startProcessor({ config, directory, logger });
});

after(async () => {
  await processor.close();
  await rm(directory, { recursive: true, force: true });
});

/** Status of a GET, and who answered. Rejects where the handshake fails. */
async function get(path: string, client: Pem | null): Promise<{ status: number; server: PeerCertificate }> {
  const sent = request(processor.url + path, {
    agent: false,
    ca: authority.cert,
    ...(client === null ? {} : { cert: client.cert, key: client.private }),
  });
  sent.end();
  const [response] = await once(sent, "response");
  const server = (response.socket as TLSSocket).getPeerCertificate();
  response.resume();
  return { status: response.statusCode, server };
}

/** Common name of the certificate that the gRPC port shows to a client; rejects where the handshake fails. */
function grpcServer(client: Pem): Promise<string> {
  const [host, port] = processor.grpcAddress!.split(":");
  const pair = { cert: client.cert, key: client.private };
  const socket = connect({ host: host!, port: Number(port), ca: authority.cert, ALPNProtocols: ["h2"], ...pair });
  // TLS 1.3 tells a client that it is refused only after its own handshake has ended; one that is let in hears HTTP/2.
  const heard = new Promise<string>((resolve, reject) => {
    socket.once("data", () => resolve(String(socket.getPeerCertificate().subject.CN)));
    socket.once("error", reject).once("close", () => reject(new Error("closed")));
  });
  return heard.finally(() => socket.destroy());
}

test("a client without a certificate, or with one that no authority signed, cannot connect", async () => {
  assert.match(processor.url, /^https:/);
  await assert.rejects(get("/healthz", null));
  await assert.rejects(get("/healthz", await makeCertificate("sender", stranger, "spiffe://example.org/reader")));
});

test("a certificate's name says who asks, and what it may do", async () => {
  const rows: [common: string, uri: string | undefined, want: number][] = [
    ["anyone", "spiffe://example.org/reader", 200],
    ["sender", undefined, 403],
    ["nobody", undefined, 401],
    // A name that only contains a known one is another name.
    ["x, URI:spiffe://example.org/reader", undefined, 401],
    ["nobody", "spiffe://example.org/reader/more", 401],
    ["nobody", "spiffe://example.org/x, URI:spiffe://example.org/reader", 401],
  ];
  for (const [common, uri, want] of rows) {
    const { status } = await get("/v1/models", await makeCertificate(common, authority, uri));
    assert.equal(status, want, `${common} ${uri}`);
  }
});

test("a new certificate is served without a restart; one that does not fit its key is not", async () => {
  const client = await makeCertificate("nobody", authority);
  const served = async () => (await get("/healthz", client)).server.subject.CN;
  const untilServed = async (name: string) => {
    for (let waitedMs = 0; (await served()) !== name; waitedMs += 50) {
      assert.ok(waitedMs < 15_000, `${name} is not served`);
      await sleep(50);
    }
  };
  assert.equal(await served(), "first");
  await writeFile(join(directory, "server.crt"), (await makeCertificate("misfit", authority)).cert);
  await writeServerCertificate("second");
  await untilServed("second");
  assert.equal(await grpcServer(client), "second");
});

test("clients of an authority that is no longer listed are refused without a restart, over gRPC too", async () => {
  const [old, young] = [await makeCertificate("nobody", authority), await makeCertificate("nobody", stranger)];
  assert.equal(await grpcServer(old), "second");
  await assert.rejects(grpcServer(young));
  await writeFile(join(directory, "clients.crt"), stranger.cert);
  const isLetIn = () =>
    get("/healthz", young).then(
      () => true,
      () => false,
    );
  for (let waitedMs = 0; !(await isLetIn()); waitedMs += 50) {
    assert.ok(waitedMs < 15_000, "the new authority does not count");
    await sleep(50);
  }
  await assert.rejects(get("/healthz", old));
  assert.equal(await grpcServer(young), "second");
  await assert.rejects(grpcServer(old));
});

test("files that cannot be used keep the processor from starting, with the reason", async () => {
  await writeFile(join(directory, "other.key"), stranger.private);
  const tls = { certificate: "server.crt", key: "other.key" };
  const config = testConfig({ server: { port: 0, tls }, store: { path: "other" } });
  await processor.close();
  await assert.rejects(startProcessor({ config, directory, logger }), { code: "TIDEMARK_TLS_INVALID" });
});

test("beyond loopback nothing is served without credentials", async () => {
  for (const host of ["0.0.0.0", "::", "192.0.2.1"]) {
    const config = testConfig({ server: { port: 0, host }, store: { path: "other" } });
    await assert.rejects(startProcessor({ config, directory, logger }), {
      code: "TIDEMARK_ACCESS_OPEN",
      message: new RegExp(host.replaceAll(".", "\\.")),
    });
  }
});
