import { readFile } from "node:fs/promises";
import type { Action, AuditEntry, Case } from "@tidemark/responder";
import { TidemarkError } from "@tidemark/semconv";
import type { Command } from "commander";
import { Option } from "commander";

interface Connection {
  readonly url: string;
  readonly tokenFile?: string;
}

const ENVIRONMENT = "TIDEMARK_TOKEN";

/** `tidemark incident …`: what the responder's pages do, for people at a terminal and for scripts. */
export function registerIncident(program: Command): void {
  const incident = program
    .command("incident")
    .description("look at cases, decide on actions, mark alerts")
    .addHelpText(
      "after",
      `
Your token is read from --token-file, or from ${ENVIRONMENT}.

Examples:
  tidemark incident list --open
  tidemark incident show 1f3a9c0e5b7d2468
  tidemark incident approve 9b1c… --reason "the champion is healthy, seen in the report"
  tidemark incident mark 1f3a9c0e5b7d2468 noise --reason "a known feed outage"
  tidemark incident missed flight-delay --started 2026-11-25T03:00:00Z --reason "scores were all zero"`,
    );
  const command = (name: string, description: string) =>
    incident
      .command(name)
      .description(description)
      .addOption(new Option("--url <url>", "address of the responder").default("http://127.0.0.1:4320"))
      .option("--token-file <file>", `file that holds your token; else the variable ${ENVIRONMENT}`);

  command("list", "cases, the newest first, and what waits for a decision")
    .option("--open", "only open ones")
    .option("--json", "as JSON, for scripts")
    .action(async ({ open, json, ...connection }: Connection & { open?: boolean; json?: boolean }) => {
      const query = open === true ? "?open=true" : "";
      const found = await call<{ cases: Case[]; waiting: Action[] }>(connection, "GET", `/v1/cases${query}`);
      if (json === true) return console.log(JSON.stringify(found, null, 2));
      for (const line of listLines(found.cases, found.waiting)) console.log(line);
    });

  command("show <case>", "one case: what was seen, what is proposed, everything that happened")
    .option("--json", "as JSON, for scripts")
    .action(async (id: string, { json, ...connection }: Connection & { json?: boolean }) => {
      const path = `/v1/cases/${encodeURIComponent(id)}`;
      const found = await call<{ case: Case; actions: Action[]; audit: AuditEntry[] }>(connection, "GET", path);
      if (json === true) return console.log(JSON.stringify(found, null, 2));
      for (const line of caseLines(found.case, found.actions, found.audit)) console.log(line);
    });

  for (const verb of ["approve", "reject"] as const) {
    command(`${verb} <action>`, `${verb} an action that waits for a decision`)
      .requiredOption("--reason <text>", "why; it goes on the audit log under your name")
      .action(async (id: string, { reason, ...connection }: Connection & { reason: string }) => {
        const path = `/v1/actions/${encodeURIComponent(id)}/${verb}`;
        const { action } = await call<{ action: Action }>(connection, "POST", path, { reason });
        console.log(`${action.rung} (${action.name}) is ${action.status}`);
      });
  }

  command("acknowledge <case>", "say that you look after a case").action(async (id: string, connection: Connection) => {
    await call(connection, "POST", `/v1/cases/${encodeURIComponent(id)}/acknowledge`, {});
    console.log("acknowledged");
  });

  command("mark <case> <verdict>", "mark an alert as useful, noise or duplicate")
    .requiredOption("--reason <text>", "why")
    .action(async (id: string, verdict: string, { reason, ...connection }: Connection & { reason: string }) => {
      await call(connection, "POST", `/v1/cases/${encodeURIComponent(id)}/mark`, { verdict, reason });
      console.log(`marked as ${verdict}`);
    });

  command("missed <model>", "report an incident that no alert caught")
    .requiredOption("--started <time>", "when it began, in ISO 8601")
    .requiredOption("--reason <text>", "what happened")
    .action(async (model: string, options: Connection & { started: string; reason: string }) => {
      const { started, reason: description, ...connection } = options;
      const { id } = await call<{ id: number }>(connection, "POST", "/v1/missed", { model, started, description });
      console.log(`reported as missed incident ${id}`);
    });
}

async function call<T>({ url, tokenFile }: Connection, method: string, path: string, body?: unknown): Promise<T> {
  const token = await readToken(tokenFile);
  const response = await fetch(new URL(path, url), {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new TidemarkError("responderUnreachable", `nothing answers at ${url}`, { cause });
  });
  const answer = (await response.json().catch(() => ({}))) as T & { error?: string };
  if (!response.ok) throw new TidemarkError("responderRefused", answer.error ?? `it answered ${response.status}`);
  return answer;
}

async function readToken(file: string | undefined): Promise<string> {
  const token = file === undefined ? process.env[ENVIRONMENT] : (await readFile(file, "utf8")).split("\n", 1)[0];
  if (token === undefined || token.trim() === "") {
    throw new TidemarkError("usage", `no token: neither --token-file nor the variable ${ENVIRONMENT}`);
  }
  return token.trim();
}

function listLines(cases: readonly Case[], waiting: readonly Action[]): string[] {
  const lines = cases.map(({ id, model, target, signal, state, cause, openedMs, closedMs }) => {
    const since = new Date(openedMs).toISOString().slice(0, 16);
    const what = cause === null ? "cause not known" : `${cause.kind} of ${cause.target}`;
    return `${id}  ${closedMs === null ? state : "closed"}  ${model}: ${target} (${signal})  ${what}  since ${since}`;
  });
  const asked = waiting.map(({ id, rung, name, model }) => `waiting: ${rung} (${name}) for ${model}, action ${id}`);
  return lines.length + asked.length === 0 ? ["no case"] : [...lines, ...asked];
}

function caseLines(found: Case, actions: readonly Action[], audit: readonly AuditEntry[]): string[] {
  return [
    ...listLines([found], []),
    ...(found.cause === null ? [] : [`first cause: ${found.cause.explanation}`]),
    ...actions.map(
      ({ id, rung, name, status, result }) =>
        `action ${id}: ${rung} (${name}) ${status}${result === null ? "" : `: ${result}`}`,
    ),
    "",
    ...audit.map(
      ({ atMs, actor, kind, detail }) =>
        `${new Date(atMs).toISOString()}  ${actor}  ${kind}  ${JSON.stringify(detail)}`,
    ),
  ];
}
