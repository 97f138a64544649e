import { Foundation1795392000000 } from './1795392000000-foundation.ts';
import { DicomObjects1795417200000 } from './1795417200000-dicom-objects.ts';
import { Studies1795422600000 } from './1795422600000-studies.ts';
import { Rights1795424400000 } from './1795424400000-rights.ts';
import { CohortVersions1795428000000 } from './1795428000000-cohort-versions.ts';
import { Audit1795431600000 } from './1795431600000-audit.ts';
import { JobRequester1795435200000 } from './1795435200000-job-requester.ts';
import { Erasure1795438800000 } from './1795438800000-erasure.ts';
import { OutcomeImports1795442400000 } from './1795442400000-outcome-imports.ts';
import { ModelInputs1795447800000 } from './1795447800000-model-inputs.ts';

/** Every migration in order. They are named here one by one: globs find other files in the sources than in the build. */
export const migrations = [
  Foundation1795392000000,
  DicomObjects1795417200000,
  Studies1795422600000,
  Rights1795424400000,
  CohortVersions1795428000000,
  Audit1795431600000,
  JobRequester1795435200000,
  Erasure1795438800000,
  OutcomeImports1795442400000,
  ModelInputs1795447800000,
];
