export { renderStudyReport } from './study-report.ts';
export type * from './study-report-input.ts';
export { performanceRows, performanceTable } from './tables/performance.ts';
export type { ReportTable } from './tables/table.ts';
