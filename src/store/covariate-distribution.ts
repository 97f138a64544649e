import { Failure } from '../engine/failure.ts';

/** How often a level occurs. */
export interface LevelCount {
  readonly level: string;
  readonly count: number;
}

/** How many numbers are from one edge up to the next, which is not included but in the last bin; a null end is open. */
export interface BinCount {
  readonly from: number | null;
  readonly to: number | null;
  readonly count: number;
}

/** Null where it is not defined, as the standard deviation of one number, or beyond the numbers of the machine. */
export interface NumberSummary {
  readonly mean: number | null;
  readonly sd: number | null;
  readonly quantiles: readonly { readonly probability: number; readonly value: number | null }[];
}

/** What values some patients have. */
export interface CovariateCounts {
  readonly count: number;
  readonly missing: number;
  /** Null for numbers. */
  readonly levels: readonly LevelCount[] | null;
  /** Null for levels, as the summary. */
  readonly bins: readonly BinCount[] | null;
  readonly summary: NumberSummary | null;
}

/** What all patients have, and those of each group; the group of those who lack what is grouped by is null. */
export interface Distribution {
  readonly all: CovariateCounts;
  readonly groups: readonly { readonly group: string | null; readonly counts: CovariateCounts }[];
}

/** The most levels that are counted where a covariate does not say which it has, and the most groups. */
export const maxLevels = 1000;

/** A select of the patients, one row each: `value`, and `grp`, by what they are grouped, as text. */
type Members = string;

/** The least and the greatest number as `[least, greatest]`, both null where there is none. */
export function extentSql(members: Members): string {
  return `with member as (${members}) select jsonb_build_array(min(value), max(value)) from member`;
}

/** `[group, level, patients]` for each that occurs. */
export function levelsSql(members: Members): string {
  return `with member as (${members}), counted as (
      select grp, value, count(*)::integer as n from member group by grp, value limit ${10 * maxLevels + 1}
    ) select coalesce(jsonb_agg(jsonb_build_array(grp, value, n)), '[]') from counted`;
}

/**
 * Summaries of all and by group, and `[group, place among the edges, patients]` for each bin that is not empty. Mean and standard
 * deviation are of the numbers as decimals, `exact`, so that neither their order nor their size matters.
 */
export function numbersSql(members: Members, edges: string, probabilities: string): string {
  const last = `(${edges})[array_upper(${edges}, 1)]`;
  return `with member as (${members}), summary as (
      select grouping(grp) = 1 as whole, grp, count(*)::integer as n, count(value)::integer as known, avg(exact) as mean,
        stddev_samp(exact) as sd, percentile_cont(${probabilities}) within group (order by value) as quantiles
      from member group by grouping sets ((), (grp)) limit ${maxLevels + 3}
    ), bin as (
      select grp, case when value = ${last} then array_length(${edges}, 1) - 1 else width_bucket(value, ${edges}) end as place,
        count(*)::integer as n
      from member where value is not null group by 1, 2
    ) select jsonb_build_object(
      'summaries', (select coalesce(jsonb_agg(to_jsonb(summary)), '[]') from summary),
      'bins', (select coalesce(jsonb_agg(jsonb_build_array(grp, place, n)), '[]') from bin))`;
}

type Counted = readonly [group: string | null, key: string | number | null, n: number];

/** What `levelsSql` found. `levels` and `groups` are those that are there in any case, in their order. */
export function levelDistribution(
  found: readonly Counted[],
  levels: readonly string[] | undefined,
  groups: readonly (string | null)[] | null,
): Distribution {
  const every =
    levels ?? [...new Set(found.flatMap(([, level]) => (level === null ? [] : String(level))))].sort();
  requireFew(every.length, 'levels');
  const countsOf = (rows: readonly Counted[]): CovariateCounts => {
    const counts = new Map<string | null, number>();
    for (const [, level, n] of rows)
      counts.set(level as string | null, (counts.get(level as string) ?? 0) + n);
    return {
      count: sum(rows),
      missing: counts.get(null) ?? 0,
      levels: every.map((level) => ({ level, count: counts.get(level) ?? 0 })),
      bins: null,
      summary: null,
    };
  };
  const byGroup = Map.groupBy(found, ([group]) => group);
  return {
    all: countsOf(found),
    groups: groupsIn(byGroup.keys(), groups).map((group) => ({
      group,
      counts: countsOf(byGroup.get(group) ?? []),
    })),
  };
}

/** What `numbersSql` finds. */
export interface FoundNumbers {
  readonly summaries: readonly {
    readonly whole: boolean;
    readonly grp: string | null;
    readonly n: number;
    readonly known: number;
    readonly mean: number | null;
    readonly sd: number | null;
    readonly quantiles: readonly unknown[] | null;
  }[];
  readonly bins: readonly Counted[];
}

export function numberDistribution(
  { summaries, bins }: FoundNumbers,
  edges: readonly number[],
  probabilities: readonly number[],
  groups: readonly (string | null)[] | null,
): Distribution {
  requireFew(summaries.length - 1, 'groups');
  // Numbers beyond the edges are counted, too: in every group, so that their bins are the same.
  const places = Array.from({ length: edges.length + 1 }, (_, place) => place).filter(
    (place) => (place > 0 && place < edges.length) || bins.some(([, other]) => other === place),
  );
  const binsOf = (rows: readonly Counted[]): BinCount[] =>
    places.map((place) => ({
      from: edges[place - 1] ?? null,
      to: edges[place] ?? null,
      count: sum(rows.filter(([, other]) => other === place)),
    }));
  const countsOf = (
    summary: FoundNumbers['summaries'][number] | undefined,
    rows: readonly Counted[],
  ): CovariateCounts => ({
    count: summary?.n ?? 0,
    missing: (summary?.n ?? 0) - (summary?.known ?? 0),
    levels: null,
    bins: binsOf(rows),
    summary: {
      mean: finite(summary?.mean),
      sd: finite(summary?.sd),
      quantiles: probabilities.map((probability, place) => ({
        probability,
        value: finite(summary?.quantiles?.[place]),
      })),
    },
  });
  const byGroup = new Map(summaries.filter(({ whole }) => !whole).map((each) => [each.grp, each]));
  const all = summaries.find(({ whole }) => whole);
  return {
    all: countsOf(all, bins),
    groups: groupsIn(byGroup.keys(), groups).map((group) => ({
      group,
      counts: countsOf(
        byGroup.get(group),
        bins.filter(([other]) => other === group),
      ),
    })),
  };
}

/** Those that are there in any case, others that were found, and at the end those who lack it. */
function groupsIn(
  found: Iterable<string | null>,
  groups: readonly (string | null)[] | null,
): (string | null)[] {
  if (groups === null) return [];
  const others = [...found].filter((group): group is string => group !== null && !groups.includes(group));
  const all = [...groups, ...others.sort(), null];
  requireFew(all.length, 'groups');
  return all;
}

function sum(rows: readonly Counted[]): number {
  return rows.reduce((total, [, , n]) => total + n, 0);
}

/** A number that JSON could not hold came as text or as infinity. */
function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function requireFew(actual: number, what: string): void {
  if (actual <= maxLevels + 1) return;
  throw new Failure('LIMIT_EXCEEDED', `the covariate has more than ${maxLevels} ${what}`, {
    limit: maxLevels,
  });
}
