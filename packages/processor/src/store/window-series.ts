import { encodeModelKey } from "./encode-model-key.ts";
import type { ModelKey } from "./models.ts";
import type { RowBuffer } from "./row-buffer.ts";

/** One model version's windows of one name, counted against one profile. */
export interface WindowSeries {
  readonly key: ModelKey;
  readonly windowName: string;
  readonly profileId: string;
}

/** Rows of a series; takes the parameters of `windowSeriesParameters`. */
export const WINDOW_SERIES_CONDITION = `tenant = {tenant:String} AND model = {model:String} AND version = {version:String}
  AND role = {role:String} AND window_name = {windowName:String} AND profile_id = {profileId:String}`;

export function windowSeriesParameters({ key, windowName, profileId }: WindowSeries) {
  const { tenant, model, version, role } = key;
  return { tenant, model, version, role, windowName, profileId };
}

/** The first six columns of a table whose rows are windows of a series. */
export function encodeWindowSeries(rows: RowBuffer, { key, windowName, profileId }: WindowSeries): void {
  encodeModelKey(rows, key);
  rows.string(windowName);
  rows.string(profileId);
}
