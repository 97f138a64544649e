import { random } from '../../src/engine/statistics/random.ts';
import type { StudyData, StudyResult, StudySpecification } from '../../src/engine/study/index.ts';

/**
 * Deals the outcomes out among the patients anew, so that nothing can be learned, and counts for each model in how many of
 * the seeds the limits of its corrected C-index hold one half. A model that no longer comes about claims nothing, and
 * counts as holding it.
 */
export async function shuffledOutcomes(
  run: (
    data: StudyData,
    specification: StudySpecification,
  ) => Promise<{ result: StudyResult; seconds: number }>,
  data: StudyData,
  specification: StudySpecification,
  seeds: number,
): Promise<void> {
  const endpoint = specification.endpoints.slice(-1);
  const [{ name }] = endpoint;
  const covering = new Map<string, number>();
  for (let seed = 1; seed <= seeds; seed++) {
    const order = random(seed, 'shuffled outcomes').permutation(data.subjects.length);
    const outcomes = data.outcomes.map((outcome) => ({
      ...outcome,
      time: Float64Array.from(order, (row) => outcome.time[row]),
      event: Uint8Array.from(order, (row) => outcome.event[row]),
    }));
    const { result, seconds } = await run(
      { ...data, outcomes },
      { ...specification, endpoints: endpoint, seed, replicates: 0 },
    );
    const told = result.endpoints[0].models.map(({ name, failure, result: model }) => {
      const optimism = model?.pipelineOptimism;
      if (!optimism) return { name, holds: true, text: `${name} ${failure?.code ?? 'no C'}` };
      const { apparent, corrected, lower, upper } = optimism;
      const holds = lower <= 0.5 && 0.5 <= upper;
      const text = `${name} ${apparent.toFixed(3)} → ${corrected.toFixed(3)} (${lower.toFixed(3)}–${upper.toFixed(3)})`;
      return { name, holds, text };
    });
    for (const { name, holds } of told) covering.set(name, (covering.get(name) ?? 0) + (holds ? 1 : 0));
    console.log(
      `seed ${seed}, ${seconds.toFixed(0)} s: ${told.map(({ text, holds }) => (holds ? text : `${text} ✗`)).join('; ')}`,
    );
  }
  console.log(`${name}, outcomes shuffled: seeds of ${seeds} in which the corrected C-index holds 0.5`);
  for (const [model, count] of covering) console.log(`  ${model.padEnd(15)} ${count}`);
}
