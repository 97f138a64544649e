export { renderStudyReport } from './study-report.ts';
export type * from './study-report-input.ts';
