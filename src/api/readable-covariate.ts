import type { Cohort } from '../store/entities/cohort.ts';
import type { Rights } from './rights/rights.ts';

/** Throws `FORBIDDEN` unless who asks may see the values of a cohort's covariate. Every covariate may be seen by whom rows may. */
export function requireReadable(_rights: Rights, _cohort: Cohort, _covariate: string): void {}
