import { prepareDemoFolder } from "./demo-folder.ts";
import { writeFlights, writeProfile } from "./prepare-inputs.ts";

/** Writes what the demo's processes need, for those who start them otherwise: docker compose does. */
export async function prepareDemo(directory: string, all: boolean): Promise<void> {
  const folder = await prepareDemoFolder(directory);
  await writeFlights(folder, all);
  const profile = await writeProfile(folder);
  console.log(`${folder.flights}, ${folder.profile} (${profile.id.slice(0, 19)}), ${folder.config}`);
}
