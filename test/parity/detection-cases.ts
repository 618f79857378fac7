import type { FixtureCase } from "./fixture-file.ts";

type Json = Readonly<Record<string, unknown>>;

/** The detector's vectors as cases: every table and window, and every stream twice, from its start and from its snapshot. */
export function detectionCases(content: Json): FixtureCase[] {
  const listed = (key: string) => content[key] as readonly Json[];
  const profiles = listed("profiles");
  return [
    ...profiles.map((profile, i) => toCase(`profile ${i}`, "detection.profile", profile, profile)),
    ...listed("windows").map((window, i) => {
      const input = { ...window, profile: profiles[window["profile"] as number] };
      return toCase(`window ${i}`, "detection.window", input, window["expected"]);
    }),
    ...listed("slot_windows").map((window, i) =>
      toCase(`slot window ${i}`, "detection.slot_window", window, window["expected_log_e"]),
    ),
    ...listed("streams").flatMap((stream) => {
      const after = (stream["snapshot"] as { after_look: number }).after_look;
      return [
        toCase(`${stream["name"]}`, "detection.stream", stream, followed(stream, 0)),
        toCase(`${stream["name"]}, restored`, "detection.restored_stream", stream, followed(stream, after + 1)),
      ];
    }),
  ];
}

function toCase(id: string, fn: string, input: Json, expected: unknown): FixtureCase {
  return { id, fn, args: {}, input, expected };
}

/** What every look from one on must say, and the whole state at the end. */
function followed(stream: Json, from: number) {
  const looks = (stream["looks"] as readonly Json[]).slice(from);
  return {
    looks: looks.map(({ log_R, V, base_N, state }) => ({ log_R, V, base_N, state })),
    final: stream["final"],
  };
}
