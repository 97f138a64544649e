import { type ReportFile, renderStudyReport, type StudyReportInput } from '../report/index.ts';
import { asThreadResult, type ThreadResult } from './thread-result.ts';

export default function studyReport(input: StudyReportInput): Promise<ThreadResult<ReportFile[]>> {
  return asThreadResult(() => renderStudyReport(input));
}
