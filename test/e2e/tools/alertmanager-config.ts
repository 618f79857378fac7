import { readFileSync } from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";

const FILE = path.resolve(import.meta.dirname, "../../../deploy/alertmanager/alertmanager.yml");

interface Receiver {
  readonly name: string;
  readonly webhook_configs?: readonly Record<string, unknown>[];
}

/**
 * deploy/alertmanager/alertmanager.yml with every receiver as a webhook at `url/NAME`, and the wait before escalation
 * as long as given.
 */
export function alertmanagerConfig(url: string, escalationWait: string): string {
  const file = parse(readFileSync(FILE, "utf8")) as {
    route: { routes: { receiver: string; group_wait?: string }[] };
    receivers: Receiver[];
  };
  const escalation = file.route.routes.find(({ receiver }) => receiver === "escalation");
  if (escalation === undefined) throw new RangeError(`${FILE} has no route to escalation`);
  escalation.group_wait = escalationWait;
  file.receivers = file.receivers.map(({ name }) => ({ name, webhook_configs: [{ url: `${url}/${name}` }] }));
  return stringify(file);
}
