import { MONITOR_STATES } from "@tidemark/semconv";
import { z } from "zod";
import { durationSchema } from "./duration.ts";
import { CAUSE_KINDS, type CauseKind, SIGNAL_NAMES } from "./measurement.ts";
import { policyConflicts } from "./policy-conflicts.ts";
import { timeZoneSchema } from "./time-zone.ts";

/** What may be done, from the mildest to the one that changes most. */
export const RUNGS = ["notify", "shadow", "shift_traffic", "roll_back", "retrain"] as const;
export type Rung = (typeof RUNGS)[number];

/** Who works with alerts; what each may do is configured. */
export const PEOPLE_ROLES = ["data_science", "engineering", "operations", "business"] as const;
export type PeopleRole = (typeof PEOPLE_ROLES)[number];

/** Causes that lie in the data's way to the model: training on such data would teach the fault. */
export const DATA_FAULT_CAUSES: readonly CauseKind[] = [
  "silence",
  "nulls",
  "stuck",
  "swapped",
  "unit_change",
  "type_change",
];

const name = z.string().regex(/^[a-z][a-z0-9_-]*$/, "expected a name such as page-on-call");
const secretFile = z.string().min(1).describe("File that holds the secret; its first line is used.");
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected a time such as 09:30");

const webhookAction = z.strictObject({
  type: z.literal("webhook"),
  url: z.url().describe("Target of the POST: a CloudEvent in structured JSON."),
  secretFile: secretFile.describe("Key of the HMAC-SHA-256 signature that the target checks."),
});

const kubernetesAction = z.strictObject({
  type: z.literal("kubernetes"),
  server: z.url().describe("Address of the API server."),
  tokenFile: secretFile.describe("Bearer token of the service account."),
  caFile: z.string().optional().describe("Certificate authority of the API server."),
  resource: z
    .enum(["inferenceservices.serving.kserve.io", "rollouts.argoproj.io", "httproutes.gateway.networking.k8s.io"])
    .describe("What carries the traffic weights."),
  namespace: z.string().min(1),
  name: z.string().min(1),
  patch: z.record(z.string(), z.unknown()).describe("JSON merge patch that sets the weights."),
  undo: z.record(z.string(), z.unknown()).optional().describe("JSON merge patch that restores them."),
});

const flagAction = z.strictObject({
  type: z.literal("flag"),
  file: z.string().min(1).describe("flagd flag file, which OpenFeature providers read."),
  flag: z.string().min(1),
  variant: z.string().min(1).describe("Variant that becomes the default; undo restores the one before."),
});

const dispatchAction = z.strictObject({
  type: z.literal("dispatch"),
  url: z.url().describe("A repository's dispatch address, GitHub style."),
  tokenFile: secretFile,
  event: z.string().min(1).describe("`event_type` of the dispatch."),
});

const commandAction = z.strictObject({
  type: z.literal("command"),
  run: z.array(z.string()).min(1).describe("Program and arguments; no shell. The evidence comes on standard input."),
  undo: z.array(z.string()).min(1).optional().describe("Program and arguments that take it back."),
});

export const actionConfigSchema = z.discriminatedUnion("type", [
  webhookAction,
  kubernetesAction,
  flagAction,
  dispatchAction,
  commandAction,
]);

const stepSchema = z
  .strictObject({
    rung: z.enum(RUNGS),
    action: name.describe("Name of an entry of `actions`."),
    states: z
      .array(z.enum(MONITOR_STATES))
      .min(1)
      .default(["critical"])
      .describe("States of the incident in which the step may be taken."),
    after: durationSchema.prefault("0s").describe("How long the case must have been open."),
    unlessAcknowledged: z
      .boolean()
      .default(false)
      .describe("Pass the step over once somebody looks after the case: for calling the next person."),
    audience: z
      .array(z.enum(PEOPLE_ROLES))
      .default([])
      .describe("Roles that the action is for; its target is told, so that it can page them."),
    unlessCause: z.array(z.enum(CAUSE_KINDS)).default([]).describe("First causes for which it is not the answer."),
    minimumConfidence: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe("Least share of this model's earlier alerts of the policy that people found useful."),
    cooldown: durationSchema.prefault("1h").describe("Least time between two runs of the action for one model."),
    budgetPerDay: z
      .number()
      .int()
      .min(1)
      .default(3)
      .describe("Most runs of the step in 24 hours, all models together."),
    hours: z
      .strictObject({ from: clockTime, to: clockTime, timeZone: timeZoneSchema.default("UTC") })
      .optional()
      .describe("Time of day in which it may run."),
    approvers: z
      .array(z.enum(PEOPLE_ROLES))
      .min(1)
      .default(["operations"])
      .describe("Roles that may approve it, where it needs approval."),
    verifyAfter: durationSchema.optional().describe("When to look whether it helped; without it nobody looks."),
    undo: z.boolean().default(false).describe("Take the action back where it did not help."),
  })
  .refine((step) => !step.undo || step.verifyAfter !== undefined, {
    path: ["undo"],
    message: "expected verifyAfter beside undo: what is not looked at cannot be found useless",
  });

const policySchema = z.strictObject({
  name,
  models: z.array(z.string().min(1)).min(1).describe("Models it is about; `*` for all."),
  signals: z
    .array(z.enum(SIGNAL_NAMES))
    .min(1)
    .default([...SIGNAL_NAMES])
    .describe("Signals it is about."),
  steps: z.array(stepSchema).min(1).describe("Taken one after the other, each only when the one before did not help."),
});

const serverSchema = z.strictObject({
  host: z.string().default("127.0.0.1").describe("Address to listen on."),
  port: z.number().int().min(0).max(65_535).default(4320).describe("Port of webhooks, pages and the API."),
  publicUrl: z.url().optional().describe("Address that links in messages use; else the one listened on."),
});

const personSchema = z.strictObject({
  name: z.string().min(1),
  roles: z.array(z.enum(PEOPLE_ROLES)).min(1),
  models: z.array(z.string().min(1)).min(1).default(["*"]).describe("Models whose cases the person sees; `*` for all."),
  tokenFile: secretFile.describe("Token that the person signs in with."),
});

const reviewsSchema = z.strictObject({
  every: z
    .array(z.enum(["weekly", "monthly"]))
    .min(1)
    .describe("Which calendar periods are reviewed, in UTC; weeks begin on Monday."),
  folder: z.string().min(1).describe("Where the pages are written, relative to this file."),
  delay: durationSchema
    .prefault("12h")
    .describe("Time after the end of a period until its review is written, so that late outcomes are in it."),
});

const watchSchema = z.strictObject({
  heartbeat: z
    .strictObject({
      alert: z.string().min(1).default("TidemarkHeartbeat").describe("Alert that always fires."),
      within: durationSchema.prefault("10m").describe("Longest time between two of its messages."),
    })
    .optional()
    .describe("Dead man's switch: a case when the alert that always fires stays away."),
  incidents: z
    .strictObject({
      every: durationSchema.prefault("30s").describe("Time between two questions."),
      states: z
        .array(z.enum(["warning", "critical", "no_data"]))
        .min(1)
        .default(["critical"])
        .describe("States of an incident that open a case."),
    })
    .optional()
    .describe("Opens cases for the processor's own incidents, without Prometheus and Alertmanager between."),
  canary: z
    .strictObject({
      endpoint: z.url().describe("OTLP/HTTP address that services send to: the Collector's, or the processor's."),
      tokenFile: secretFile.optional().describe("Token of the scope ingest, where the address asks for one."),
      every: durationSchema.prefault("1m").describe("Time between two canaries."),
      within: durationSchema.prefault("30s").describe("Time until one must be stored and joined."),
    })
    .optional()
    .describe("A prediction with its outcome, sent and read back all the time; `tidemark canary` makes its profile."),
});

/** The state file where the configuration names none. */
export const DEFAULT_RESPONDER_STATE = "tidemark-responder.db";

export const responderConfigSchema = z
  .strictObject({
    server: serverSchema.prefault({}).describe("Where the responder listens."),
    state: z.string().min(1).default(DEFAULT_RESPONDER_STATE).describe("Its SQLite file, relative to this file."),
    processor: z.url().default("http://127.0.0.1:4318").describe("The processor whose incidents it asks for."),
    processorTokenFile: secretFile
      .optional()
      .describe("Token of the scope read, where the processor asks for credentials."),
    webhookTokenFile: secretFile.describe("Bearer token that Alertmanager and Grafana send with their webhooks."),
    metricsTokenFile: secretFile
      .optional()
      .describe(
        "Bearer token that /metrics asks for. Without it everybody may read it, and models have no names there unless the server listens on loopback.",
      ),
    alerts: z
      .array(z.string().min(1))
      .default([])
      .describe("Names of the alerts that are taken; without any, every alert that names a model."),
    alertStaleAfter: durationSchema
      .prefault("25h")
      .describe("When an alert that is neither repeated nor resolved counts as over: more than twice repeat_interval."),
    people: z.array(personSchema).min(1).describe("Who may look, approve and mark alerts."),
    approvalAbove: z.enum(RUNGS).default("notify").describe("Rungs above this one wait for a person."),
    approvalExpiry: durationSchema.prefault("1h").describe("How long a request for approval stands."),
    dryRun: z.boolean().default(true).describe("Say what would be done, and do nothing. On unless switched off."),
    modelsPerHour: z
      .number()
      .int()
      .min(1)
      .default(3)
      .describe("Blast radius: most models that rungs above notify may touch in an hour."),
    allowedHosts: z
      .array(z.string().min(1))
      .default([])
      .describe("Hosts, with port where it is not the scheme's own, that actions may reach. No other is."),
    events: z
      .strictObject({ endpoint: z.url().describe("OTLP/HTTP logs endpoint, such as http://127.0.0.1:4318/v1/logs.") })
      .optional()
      .describe("Sends the audit log as OpenTelemetry events too, each at least once."),
    watch: watchSchema
      .prefault({})
      .describe("What the responder looks at by itself: monitoring, and the processor's incidents."),
    reviews: reviewsSchema
      .optional()
      .describe("Reviews that are written by themselves; one that was missed is made up for."),
    actions: z.record(name, actionConfigSchema).default({}),
    policies: z.array(policySchema).default([]),
  })
  .superRefine((config, context) => {
    config.policies.forEach((policy, index) => {
      for (const problem of policyProblems(policy, config.actions)) {
        context.addIssue({ code: "custom", path: ["policies", index, ...problem.path], message: problem.message });
      }
      if (config.policies.findIndex((other) => other.name === policy.name) < index) {
        context.addIssue({ code: "custom", path: ["policies", index, "name"], message: "expected each policy once" });
      }
    });
    for (const { path, message } of policyConflicts(config.policies, config.actions)) {
      context.addIssue({ code: "custom", path: ["policies", ...path], message });
    }
  });

type Policy = z.infer<typeof policySchema>;

interface PolicyProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

function policyProblems({ steps }: Policy, actions: Readonly<Record<string, ActionConfig>>): PolicyProblem[] {
  return steps.flatMap((step, index) => {
    const problems: PolicyProblem[] = [];
    const at = (key: string) => ["steps", index, key];
    const action = actions[step.action];
    if (action === undefined) {
      const known = Object.keys(actions).join(", ") || "none";
      problems.push({ path: at("action"), message: `expected the name of an action; there is ${known}` });
    }
    if (action !== undefined && step.undo && !canUndo(action)) {
      problems.push({ path: at("undo"), message: `the action "${step.action}" has nothing that takes it back` });
    }
    const before = steps[index - 1];
    if (before !== undefined && RUNGS.indexOf(step.rung) < RUNGS.indexOf(before.rung)) {
      problems.push({ path: at("rung"), message: `expected a rung at or above ${before.rung}, the one before it` });
    }
    return problems;
  });
}

/** Whether an action can be taken back. A webhook's and a dispatch's target is told, and does as it likes. */
function canUndo(action: ActionConfig): boolean {
  if (action.type === "command" || action.type === "kubernetes") return action.undo !== undefined;
  return action.type === "flag";
}

export type ActionConfig = z.infer<typeof actionConfigSchema>;
export type ResponderConfig = z.infer<typeof responderConfigSchema>;
export type ResponderPolicy = Policy;
export type PolicyStep = z.infer<typeof stepSchema>;
