import packageFile from '../../package.json' with { type: 'json' };
import { studyVersion } from '../engine/study/index.ts';

/** The software that runs a study here, by name. */
export const softwareVersions: Readonly<Record<string, string>> = {
  nomograph: packageFile.version,
  'study engine': studyVersion,
  node: process.version,
};
