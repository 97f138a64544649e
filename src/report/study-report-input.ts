import type { StudyResult } from '../engine/study/study-result.ts';
import type { StudySpecification } from '../engine/study/study-specification.ts';

/** All that a report tells of; nothing else is looked up, so that equal inputs give equal files. */
export interface StudyReportInput {
  readonly title: string;
  readonly specification: StudySpecification;
  readonly data: StudyReportData;
  readonly result: StudyResult;
  readonly provenance: StudyProvenance;
}

/** What the result says by row or by place. */
export interface StudyReportData {
  /** By row of the data. */
  readonly subjects: readonly string[];
  /** The names of each source's features, in their order. */
  readonly sources: readonly { readonly name: string; readonly features: readonly string[] }[];
}

export interface StudyProvenance {
  /** SHA-256 over every value that the study read. */
  readonly dataHash: string;
  /** SHA-256 over the result as canonical JSON. */
  readonly resultHash: string;
  /** SHA-256 over the specification as canonical JSON. */
  readonly specificationHash: string;
  /** Names and versions of the software, e.g. `nomograph` and `node`. */
  readonly versions: Readonly<Record<string, string>>;
}

/** A file of a report, by its path in it. */
export interface ReportFile {
  readonly path: string;
  readonly mediaType: string;
  readonly content: string;
}
