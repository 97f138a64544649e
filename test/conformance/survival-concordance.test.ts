import { afterAll, it } from 'vitest';
import { concordance, type TimeWeight } from '../../src/engine/survival/index.ts';
import { describeConformance } from '../support/reference.ts';
import { CaseTable, type ReferenceCase, survivalCases } from '../support/survival-cases.ts';
import { type ReferenceNumber, Tally } from '../support/tally.ts';

const RELATIVE = { relative: 1e-9, absolute: 1e-15 };

type Counts = Readonly<
  Record<'concordant' | 'discordant' | 'tied.x' | 'tied.y' | 'tied.xy', ReferenceNumber>
>;

interface Weighted {
  readonly concordance: ReferenceNumber;
  readonly var: ReferenceNumber;
  readonly se: ReferenceNumber;
  readonly ci95_wald: readonly ReferenceNumber[];
  readonly count:
    | Counts
    | { readonly cols: readonly string[]; readonly values: readonly (readonly number[])[] };
}

interface HmiscCounts {
  readonly 'C Index': ReferenceNumber;
  readonly 'S.D.': ReferenceNumber;
  readonly Concordant: number;
  readonly 'Relevant Pairs': number;
}

type Expected = Readonly<Record<TimeWeight, Weighted>> & { readonly Hmisc_rcorr_cens?: HmiscCounts };
type ConcordanceCase = ReferenceCase<Expected> & { readonly inputs: { readonly ymax?: number | null } };

const tally = new Tally();

/** Strata come as one row of counts each. */
function total(count: Weighted['count'], name: keyof Counts): ReferenceNumber {
  if (!('values' in count)) return count[name];
  const column = count.cols.indexOf(name);
  return count.values.reduce((sum, row) => sum + row[column], 0);
}

describeConformance('Concordance equals R', () => {
  afterAll(() => tally.print('Concordance against R survival 3.5-3 and Hmisc 4.8-0'));
  const cases = survivalCases<Expected>('concordance/concordance.json') as readonly ConcordanceCase[];

  it.each(cases.filter((c) => !c.id.endsWith('_compare')).map((c) => [c.id, c] as const))(
    '%s',
    (id, example) => {
      const { inputs, expected } = example;
      const table = new CaseTable(example);
      const score = table.numbers(inputs.score ?? '').map((x) => x * (inputs.sign ?? 1));
      for (const timeWeight of ['n', 'S', 'S/G', 'n/G2', 'I'] as const) {
        const r = expected[timeWeight];
        const ours = concordance(table.data, score, {
          timeWeight,
          ...(inputs.ymax ? { horizon: inputs.ymax } : {}),
        });
        const check = (what: string, actual: number | null, wanted: ReferenceNumber) =>
          tally.check(`concordance ${timeWeight}`, id, what, actual, wanted, RELATIVE);
        check('C', ours.concordance, r.concordance);
        check('variance', ours.variance, r.var);
        check('se', ours.standardError, r.se);
        check('lower', ours.lower, r.ci95_wald[0]);
        check('upper', ours.upper, r.ci95_wald[1]);
        check('concordant', ours.concordant, total(r.count, 'concordant'));
        check('discordant', ours.discordant, total(r.count, 'discordant'));
        check('tied score', ours.tiedScore, total(r.count, 'tied.x'));
        check('tied time', ours.tiedTime, total(r.count, 'tied.y'));
        check('tied both', ours.tiedBoth, total(r.count, 'tied.xy'));
      }
      const hmisc = expected.Hmisc_rcorr_cens;
      if (hmisc) {
        // Hmisc counts ordered pairs, and a pair of tied scores as half concordant.
        const ours = concordance(table.data, score);
        tally.check('Hmisc rcorr.cens', id, 'C', ours.concordance, hmisc['C Index'], RELATIVE);
        tally.check(
          'Hmisc rcorr.cens',
          id,
          'concordant',
          2 * ours.concordant + ours.tiedScore,
          hmisc.Concordant,
          RELATIVE,
        );
        const pairs = 2 * (ours.concordant + ours.discordant + ours.tiedScore);
        tally.check('Hmisc rcorr.cens', id, 'pairs', pairs, hmisc['Relevant Pairs'], RELATIVE);
      }
      tally.settle();
    },
  );
});
