/**
 * Which of the numbers of patients in a table that adds up to a known total are to be withheld: those of 1 to `below` − 1, and as
 * many more, the least first, that no withheld number follows from the others by subtraction. Where the total itself is so small,
 * all of them are. (Complementary suppression; Hundepool et al., Statistical Disclosure Control, 2012, ch. 4.)
 */
export function withheldCells(counts: readonly number[], below: number): ReadonlySet<number> {
  const places = [...counts.keys()];
  const withheld = new Set(places.filter((place) => isSmall(counts[place], below)));
  if (withheld.size === 0) return withheld;
  if (isSmall(total(counts, places), below)) return new Set(places);
  // Zeros tell of nobody: they are the last to go.
  const others = places
    .filter((place) => !withheld.has(place))
    .sort((a, b) => (counts[a] || Number.POSITIVE_INFINITY) - (counts[b] || Number.POSITIVE_INFINITY));
  for (const place of others) {
    // Of n numbers that add up to n each would be 1.
    const sum = total(counts, withheld);
    if (withheld.size > 1 && sum >= below && sum > withheld.size) break;
    withheld.add(place);
  }
  return withheld;
}

/** Whether a number of patients is one that tells of somebody. */
export function isSmall(count: number, below: number): boolean {
  return count > 0 && count < below;
}

function total(counts: readonly number[], places: Iterable<number>): number {
  let sum = 0;
  for (const place of places) sum += counts[place];
  return sum;
}
