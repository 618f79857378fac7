import { readFileSync } from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";

const FILE = path.resolve(import.meta.dirname, "../../../deploy/alertmanager/alertmanager.yml");

interface Receiver {
  readonly name: string;
  readonly webhook_configs?: readonly Record<string, unknown>[];
}

export interface AlertmanagerOptions {
  /** Every receiver is a webhook at `url/NAME`. */
  readonly url: string;
  readonly escalationWait?: string;
  /** A real responder, and the file of its token. */
  readonly responder?: { readonly url: string; readonly tokenFile: string };
}

/** deploy/alertmanager/alertmanager.yml with receivers that tests can read. */
export function alertmanagerConfig({ url, escalationWait = "30m", responder }: AlertmanagerOptions): string {
  const file = parse(readFileSync(FILE, "utf8")) as {
    route: { routes: { receiver: string; group_wait?: string }[] };
    receivers: Receiver[];
  };
  const escalation = file.route.routes.find(({ receiver }) => receiver === "escalation");
  if (escalation === undefined) throw new RangeError(`${FILE} has no route to escalation`);
  escalation.group_wait = escalationWait;
  file.receivers = file.receivers.map(({ name }) => {
    const webhooks: Record<string, unknown>[] = [{ url: `${url}/${name}` }];
    if (["responder", "heartbeat"].includes(name) && responder !== undefined) {
      const authorization = { credentials_file: responder.tokenFile };
      webhooks.push({ url: `${responder.url}/webhooks/alertmanager`, http_config: { authorization } });
    }
    return { name, webhook_configs: webhooks };
  });
  return stringify(file);
}
