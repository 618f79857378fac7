// `training-data.ts FILE`: the features and outcomes of all three million flights as Parquet, for training/train.py.
import path from "node:path";
import { FlightFeatures } from "./flights/flight-features.ts";

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error("usage: node --conditions=tidemark-source training-data.ts FILE.parquet");
  process.exit(2);
}
const features = await FlightFeatures.compute();
await features.writeParquet(path.resolve(file));
features.close();
