import { collectReportData } from "./collect-report-data.ts";
import { renderReport } from "./render-report.ts";
import type { ReportApi } from "./report-data.ts";

/** The report as a page that the processor serves. */
export async function reportPage(api: ReportApi): Promise<{ readonly contentType: string; readonly body: string }> {
  return { contentType: "text/html; charset=utf-8", body: renderReport(await collectReportData(api)) };
}
