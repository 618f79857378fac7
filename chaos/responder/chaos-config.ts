import { parseResponderConfig, type ResponderConfig } from "@tidemark/schema";

/** Policies with every rung, tight budgets, and both kinds of targets: those that can be asked to take back, and not. */
export function chaosConfig(dryRun: boolean): ResponderConfig {
  const result = parseResponderConfig({
    webhookTokenFile: "token",
    dryRun,
    approvalExpiry: "2h",
    alertStaleAfter: "1h",
    modelsPerHour: 2,
    allowedHosts: ["target.test"],
    people: [{ name: "ada", roles: ["operations"], tokenFile: "token" }],
    actions: {
      page: { type: "webhook", url: "http://target.test/page", secretFile: "token" },
      shift: kubernetes("inferenceservices.serving.kserve.io"),
      back: kubernetes("rollouts.argoproj.io"),
      train: { type: "dispatch", url: "http://target.test/dispatch", tokenFile: "token", event: "retrain" },
    },
    policies: [
      {
        name: "graduated",
        models: ["*"],
        steps: [
          { rung: "notify", action: "page", cooldown: "1m", budgetPerDay: 8 },
          { rung: "shift_traffic", action: "shift", after: "10m", verifyAfter: "15m", undo: true, budgetPerDay: 2 },
          { rung: "roll_back", action: "back", after: "20m", verifyAfter: "15m", budgetPerDay: 2 },
        ],
      },
      {
        name: "training",
        models: ["model-1", "model-2"],
        signals: ["performance", "drift"],
        steps: [{ rung: "retrain", action: "train", after: "30m", budgetPerDay: 1, cooldown: "12h" }],
      },
    ],
  });
  if (!result.ok) throw new Error(result.problems.map(({ path, message }) => `${path}: ${message}`).join("\n"));
  return result.config;
}

function kubernetes(resource: string) {
  return {
    type: "kubernetes",
    server: "http://target.test",
    tokenFile: "token",
    resource,
    namespace: "models",
    name: "m",
    patch: { spec: { weight: 0 } },
    undo: { spec: { weight: 100 } },
  };
}
