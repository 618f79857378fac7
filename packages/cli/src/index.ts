export { collectReportData } from "./report/collect-report-data.ts";
export { httpReadApi } from "./report/http-read-api.ts";
export { renderReport } from "./report/render-report.ts";
export type { ReportApi, ReportData, ReportFilter, ReportModel, ReportModelEntry } from "./report/report-data.ts";
export { reportPage } from "./report/report-page.ts";
export { collectReview } from "./review/collect-review.ts";
export { reviewPage } from "./review/review-page.ts";
export { writeReview } from "./review/write-review.ts";
