import { describe, expect, it } from 'vitest';
import { random } from '../statistics/random.ts';
import { adaptiveFactors } from './adaptive-factors.ts';
import { fitCox } from './cox.ts';
import { fitPenalisedCox } from './penalised-path.ts';
import { blendPoint, relaxPath } from './relaxed-path.ts';

const source = random(11, 'relaxed');
const columns = Array.from({ length: 8 }, (_, j) =>
  Float64Array.from({ length: 80 }, () => 10 ** (j % 3) * (source.uniform() * 2 - 1)),
);
const time = Float64Array.from(
  { length: 80 },
  (_, i) => -Math.log(source.uniform()) * Math.exp(-1.5 * columns[0][i] + 0.1 * columns[1][i]),
);
const data = { time, event: Uint8Array.from(time, (_, i) => (i % 4 > 0 ? 1 : 0)) };
const covariates = { names: columns.map((_, j) => `x${j}`), columns };

describe('relaxPath', () => {
  const path = fitPenalisedCox(data, covariates, { lambdaCount: 12, lambdaRatio: 0.05 });
  const relaxed = relaxPath(data, covariates, path);

  it('fits each support without a penalty', () => {
    expect(relaxed.refits).toHaveLength(path.points.length);
    expect(relaxed.warnings).toEqual([]);
    path.points.forEach(({ index, lambda }, m) => {
      const refit = relaxed.refits[m];
      expect(refit.lambda).toBe(lambda);
      expect([...refit.index]).toEqual([...index]);
      if (index.length === 0) return;
      const kept = Array.from(index, (j) => columns[j]);
      const fit = fitCox(data, { names: kept.map((_, j) => `${j}`), columns: kept }, { ties: 'breslow' });
      fit.coefficients.forEach((b, k) => {
        expect(Math.abs(refit.value[k] - b) / fit.standardErrors[k]).toBeLessThan(1e-7);
      });
    });
  });

  it('blends from one to the other', () => {
    const last = path.points.length - 1;
    const [penalised, refit] = [path.points[last], relaxed.refits[last]];
    expect(blendPoint(penalised, refit, 1).value).toEqual(penalised.value);
    expect(blendPoint(penalised, refit, 0).value).toEqual(refit.value);
    const half = blendPoint(penalised, refit, 0.5).value;
    half.forEach((b, k) => {
      expect(b).toBeCloseTo((penalised.value[k] + refit.value[k]) / 2, 12);
    });
    expect(() => blendPoint(penalised, refit, 2)).toThrow(
      expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
    );
  });

  it('says where a support separates the deaths', () => {
    const separating = { names: ['x'], columns: [time.map((t) => -t)] };
    const alone = { ...data, event: new Uint8Array(80).fill(1) };
    const separated = relaxPath(alone, separating, fitPenalisedCox(alone, separating, { lambda: [0.1] }));
    expect(separated.warnings.map(({ code }) => code)).toEqual(['NOT_CONVERGED']);
  });
});

describe('adaptiveFactors', () => {
  it.each([{}, { ridge: 0.1 }])('penalises the strong less, whatever the unit (%o)', (options) => {
    const factors = adaptiveFactors(data, covariates, options);
    expect(factors).toHaveLength(8);
    expect(factors.indexOf(Math.min(...factors))).toBeLessThan(2);
    const scaled = columns.map((c, j) => (j === 0 ? c.map((v) => 1e4 * v) : c));
    const other = adaptiveFactors(data, { ...covariates, columns: scaled }, options);
    other.forEach((factor, j) => {
      expect(factor / factors[j]).toBeCloseTo(1, 6);
    });
    const path = fitPenalisedCox(data, covariates, { penaltyFactors: factors, lambdaCount: 20 });
    expect([0, 1]).toContain(path.points[1].index[0]);
    for (const { violation } of path.points) expect(violation).toBeLessThan(1e-9);
  });

  it('leaves out constants and raises to a power', () => {
    const withConstant = { names: ['x0', 'c'], columns: [columns[0], new Float64Array(80)] };
    const [plain, constant] = adaptiveFactors(data, withConstant);
    expect(constant).toBe(Infinity);
    expect(adaptiveFactors(data, withConstant, { power: 2 })[0]).toBeCloseTo(plain ** 2, 10);
    for (const bad of [{ power: 0 }, { ridge: -1 }]) {
      expect(() => adaptiveFactors(data, withConstant, bad)).toThrow(
        expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
      );
    }
  });
});
