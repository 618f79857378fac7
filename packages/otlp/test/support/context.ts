import type { DecodeContext } from "@tidemark/otlp";

/** 2001-01-01 to 2001-07-01. */
export const CONTEXT: DecodeContext = {
  tenant: "default",
  acceptFromUnixNano: 978_307_200_000_000_000n,
  acceptToUnixNano: 993_945_600_000_000_000n,
};

/** 2001-01-01 16:41:00 UTC. */
export const TIME_MS = 978_367_260_000;
export const TIME_NANO = 978_367_260_000_000_000n;
