/*
 * `node --import @tidemark/instrumentation/register app.js`: instruments the model libraries of a service that is not
 * changed. Configured by TIDEMARK_CONFIG, a YAML file, and by environment variables; see the README.
 */
import { startAutomatic } from "./auto/start-automatic.ts";

startAutomatic();
