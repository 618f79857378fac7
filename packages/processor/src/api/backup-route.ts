import { errors, TidemarkError } from "@tidemark/semconv";
import { errorAnswer, jsonAnswer } from "../receive/answer.ts";
import type { BackupDescription } from "../store/backup.ts";
import { querySchemas } from "./query-schemas.ts";
import type { Route } from "./routes.ts";

/** Backs everything up while the processor runs. The name is made here: a caller never names a place on the disk. */
export function backupRoute(backup: (name: string) => Promise<BackupDescription>, now: () => number): Route {
  return {
    method: "POST",
    path: "/v1/backups",
    summary: "Writes a backup of every tenant into the configured folder; answers when it is on disk.",
    scope: "admin",
    query: querySchemas.none,
    answer: async ({ note }) => {
      const name = new Date(now()).toISOString().replaceAll(/[:.]/g, "-");
      note({ name });
      try {
        return jsonAnswer(200, { name, ...(await backup(name)) });
      } catch (error) {
        const isElsewhere = error instanceof TidemarkError && error.code === errors.backupElsewhere.code;
        if (isElsewhere) return errorAnswer(501, error);
        throw error;
      }
    },
  };
}
