import type { Action, AuditEntry, Case, Plan } from "@tidemark/responder";
import type { Command } from "commander";
import { Option } from "commander";
import { callResponder, type ResponderConnection } from "../config/call-responder.ts";
import { printLines } from "../config/print-lines.ts";
import { TOKEN_VARIABLE } from "../config/read-token.ts";
import { showProposals } from "./incident-proposals.ts";

/** `tidemark incident …`: what the responder's pages do, for people at a terminal and for scripts. */
export function registerIncident(program: Command): void {
  const incident = program
    .command("incident")
    .description("look at cases, decide on actions, mark alerts")
    .addHelpText(
      "after",
      `
Your token is read from --token-file, or from ${TOKEN_VARIABLE}.

Examples:
  tidemark incident list --open
  tidemark incident show 1f3a9c0e5b7d2468
  tidemark incident approve 9b1c… --reason "the champion is healthy, seen in the report"
  tidemark incident mark 1f3a9c0e5b7d2468 noise --reason "a known feed outage"
  tidemark incident proposals --config tidemark.yaml --patch quieter.patch
  tidemark incident missed flight-delay --started 2026-11-25T03:00:00Z --reason "scores were all zero"`,
    );
  const command = (name: string, description: string) =>
    incident
      .command(name)
      .description(description)
      .addOption(new Option("--url <url>", "address of the responder").default("http://127.0.0.1:4320"))
      .option("--token-file <file>", `file that holds your token; else the variable ${TOKEN_VARIABLE}`);

  command("list", "cases, the newest first, and what waits for a decision")
    .option("--open", "only open ones")
    .option("--json", "as JSON, for scripts")
    .action(async ({ open, json, ...connection }: ResponderConnection & { open?: boolean; json?: boolean }) => {
      const query = open === true ? "?open=true" : "";
      const found = await callResponder<{ cases: Case[]; waiting: Action[] }>(connection, "GET", `/v1/cases${query}`);
      if (json === true) return console.log(JSON.stringify(found, null, 2));
      printLines(listLines(found.cases, found.waiting));
    });

  command("show <case>", "one case: what was seen, what is proposed, everything that happened")
    .option("--json", "as JSON, for scripts")
    .action(async (id: string, { json, ...connection }: ResponderConnection & { json?: boolean }) => {
      const path = `/v1/cases/${encodeURIComponent(id)}`;
      const found = await callResponder<CaseDetail>(connection, "GET", path);
      if (json === true) return console.log(JSON.stringify(found, null, 2));
      printLines(caseLines(found));
    });

  for (const verb of ["approve", "reject"] as const) {
    command(`${verb} <action>`, `${verb} an action that waits for a decision`)
      .requiredOption("--reason <text>", "why; it goes on the audit log under your name")
      .action(async (id: string, { reason, ...connection }: ResponderConnection & { reason: string }) => {
        const path = `/v1/actions/${encodeURIComponent(id)}/${verb}`;
        const { action } = await callResponder<{ action: Action }>(connection, "POST", path, { reason });
        console.log(`${action.rung} (${action.name}) is ${action.status}`);
      });
  }

  command("acknowledge <case>", "say that you look after a case").action(
    async (id: string, connection: ResponderConnection) => {
      await callResponder(connection, "POST", `/v1/cases/${encodeURIComponent(id)}/acknowledge`, {});
      console.log("acknowledged");
    },
  );

  command("mark <case> <verdict>", "mark an alert as useful, noise or duplicate")
    .requiredOption("--reason <text>", "why")
    .action(
      async (id: string, verdict: string, { reason, ...connection }: ResponderConnection & { reason: string }) => {
        await callResponder(connection, "POST", `/v1/cases/${encodeURIComponent(id)}/mark`, { verdict, reason });
        console.log(`marked as ${verdict}`);
      },
    );

  command("proposals", "lines that would have told useful alerts from noise, replayed over history")
    .option("--config <file>", "tidemark.yaml, for which a patch is written")
    .option("--patch <file>", "where to write the patch; else it is printed")
    .option("--json", "as JSON, for scripts")
    .action(showProposals);

  command("missed <model>", "report an incident that no alert caught")
    .requiredOption("--started <time>", "when it began, in ISO 8601")
    .requiredOption("--reason <text>", "what happened")
    .action(async (model: string, options: ResponderConnection & { started: string; reason: string }) => {
      const { started, reason: description, ...connection } = options;
      const { id } = await callResponder<{ id: number }>(connection, "POST", "/v1/missed", {
        model,
        started,
        description,
      });
      console.log(`reported as missed incident ${id}`);
    });
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

interface CaseDetail {
  readonly case: Case;
  readonly actions: readonly Action[];
  readonly plans: readonly Plan[];
  readonly audit: readonly AuditEntry[];
}

function caseLines({ case: found, actions, plans, audit }: CaseDetail): string[] {
  return [
    ...listLines([found], []),
    ...(found.cause === null ? [] : [`first cause: ${found.cause.explanation}`]),
    ...actions.map(
      ({ id, rung, name, status, result }) =>
        `action ${id}: ${rung} (${name}) ${status}${result === null ? "" : `: ${result}`}`,
    ),
    ...plans.map(({ policy, rung, reason }) => `next by ${policy}: ${rung ?? "nothing more"}, ${reason}`),
    "",
    ...audit.map(
      ({ atMs, actor, kind, detail }) =>
        `${new Date(atMs).toISOString()}  ${actor}  ${kind}  ${JSON.stringify(detail)}`,
    ),
  ];
}
