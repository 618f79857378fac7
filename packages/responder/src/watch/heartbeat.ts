import type { EngineParts } from "../engine/engine-parts.ts";
import { raiseSelfAlarm } from "./self-alarm.ts";

const ALERT = "TidemarkHeartbeatLost";

/** An alert that always fires has come: rules are evaluated, and Alertmanager delivers. */
export function noteHeartbeat({ state, now }: EngineParts): void {
  state.setHeartbeatMs(now());
}

/**
 * The dead man's switch: alarms when the heartbeat of Alertmanager stays away for longer than configured. Time in which no
 * responder was there to hear it does not count. Nothing where none is configured.
 */
export function watchHeartbeat(parts: EngineParts): void {
  const { state, config, lease, now } = parts;
  const { heartbeat } = config.watch;
  if (heartbeat === undefined) return;
  const silentMs = now() - Math.max(state.heartbeatMs() ?? 0, lease.heldSinceMs());
  const problem =
    silentMs <= heartbeat.within
      ? null
      : `no ${heartbeat.alert} for ${Math.round(silentMs / 1_000)} s: rules are not evaluated, or Alertmanager does not deliver, so no other alert would come either`;
  raiseSelfAlarm(parts, { name: ALERT, target: "alerting", problem });
}
