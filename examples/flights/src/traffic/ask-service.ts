import type { Answer, Departure } from "../flights/flight.ts";

/** Posts a batch of departures. Throws when the service does not answer every one of them. */
export async function askService(url: string, departures: readonly Departure[]): Promise<Answer[]> {
  const response = await fetch(`${url}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(departures),
  });
  if (!response.ok) throw new Error(`the service answered ${response.status}: ${await response.text()}`);
  const answers = (await response.json()) as Answer[];
  if (answers.length !== departures.length) {
    throw new Error(`the service answered ${answers.length} of ${departures.length} departures`);
  }
  return answers;
}
