import { timingSafeEqual } from "node:crypto";
import { signatureOf } from "../act/webhook.ts";

const TOLERANCE_SECONDS = 300;

/** Why a signed body is not to be believed, or null where it is: the signature's form, its age, its digest. */
export function signatureProblem(
  header: string,
  { secret, body, nowMs }: { readonly secret: string; readonly body: string; readonly nowMs: number },
): string | null {
  const match = /^t=(\d{1,12}),v1=[0-9a-f]{64}$/.exec(header);
  if (match === null) return "the signature has not the form t=SECONDS,v1=HEX";
  const seconds = Number(match[1]);
  if (Math.abs(nowMs / 1_000 - seconds) > TOLERANCE_SECONDS) return "the signature is stale";
  return isEqual(header, signatureOf(secret, seconds, body)) ? null : "the signature is wrong";
}

/** Compares two texts in a time that does not tell where they differ. */
export function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
