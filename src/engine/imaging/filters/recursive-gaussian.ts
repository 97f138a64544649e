/**
 * One axis of ITK's recursive Gaussian: a causal and an anticausal recursion of fourth order, whose sum approximates the
 * convolution with a Gaussian or its second derivative. The line goes on beyond its ends with the value it has there.
 */
export interface RecursiveGaussian {
  /** Weights of the causal recursion on the input: at n, n − 1, n − 2, n − 3. */
  readonly n: Coefficients;
  /** Weights of the anticausal recursion on the input: at n + 1, …, n + 4. */
  readonly m: Coefficients;
  /** Weights of both on their own output, 1 to 4 back. */
  readonly d: Coefficients;
  /** What `d` is on output beyond the end, where the output is proportional to the input. */
  readonly causalEnd: Coefficients;
  readonly anticausalEnd: Coefficients;
}

type Coefficients = readonly [number, number, number, number];

/** The slowest decay of the impulse response over a distance of one standard deviation: e^−1.3732 (Farnebäck and Westin). */
const decayRate = 1.3732;

/**
 * How far, for a standard deviation of `sigma` voxels, samples count: all beyond together weigh less than 1e-13 of the
 * whole response, of order 0 or 2.
 */
export function gaussianReach(sigma: number): number {
  return (32 / decayRate) * sigma + 4;
}

/** Sums of a recursion's weights, of their first and of their second moments. */
type Sums = readonly [s: number, d: number, e: number];

/** cos and sin of the two frequencies and the two decays, at one standard deviation in voxels. */
interface Poles {
  readonly cos1: number;
  readonly sin1: number;
  readonly exp1: number;
  readonly cos2: number;
  readonly sin2: number;
  readonly exp2: number;
}

/**
 * The recursion for a standard deviation of `sigma` voxels and a derivative of order 0 or 2, the response multiplied by
 * `scale`. As itk::RecursiveGaussianImageFilter; Farnebäck and Westin, "Improving Deriche-style recursive Gaussian filters",
 * J Math Imaging Vis 26 (2006), with Deriche's approximation of the Gaussian by exponentials (INRIA report 1893, 1993).
 */
export function recursiveGaussian(sigma: number, order: 0 | 2, scale: number): RecursiveGaussian {
  const poles: Poles = {
    cos1: Math.cos(0.6681 / sigma),
    sin1: Math.sin(0.6681 / sigma),
    exp1: Math.exp(-1.3932 / sigma),
    cos2: Math.cos(2.0787 / sigma),
    sin2: Math.sin(2.0787 / sigma),
    exp2: Math.exp(-decayRate / sigma),
  };
  const d = feedback(poles);
  const [d1, d2, d3, d4] = d;
  const sd = 1 + d1 + d2 + d3 + d4;
  const dd = d1 + 2 * d2 + 3 * d3 + 4 * d4;
  const ed = d1 + 4 * d2 + 9 * d3 + 16 * d4;
  const smooth = feedforward(poles, 1.353, 1.8151, -0.3531, 0.0902);
  const [s0] = sums(smooth);
  if (order === 0) return complete(scaled(smooth, scale / ((2 * s0) / sd - smooth[0])), d);

  const curved = feedforward(poles, -1.3563, 5.2318, 0.3446, -2.2355);
  const [s2] = sums(curved);
  // As much of the smoothing as makes the response to a constant 0.
  const beta = -(2 * s2 - sd * curved[0]) / (2 * s0 - sd * smooth[0]);
  const n = combined(curved, beta, smooth);
  const [sn, dn, en] = sums(curved).map((sum, k) => sum + beta * sums(smooth)[k]);
  const alpha = (en * sd * sd - ed * sn * sd - 2 * dn * dd * sd + 2 * dd * dd * sn) / (sd * sd * sd);
  return complete(scaled(n, scale / alpha), d);
}

function feedback({ cos1, exp1, cos2, exp2 }: Poles): Coefficients {
  return [
    -2 * (exp2 * cos2 + exp1 * cos1),
    4 * cos2 * cos1 * exp1 * exp2 + (exp1 * exp1 + exp2 * exp2),
    -2 * cos1 * exp1 * exp2 * exp2 + -2 * cos2 * exp2 * exp1 * exp1,
    exp1 * exp1 * exp2 * exp2,
  ];
}

function feedforward(poles: Poles, a1: number, b1: number, a2: number, b2: number): Coefficients {
  const { cos1, sin1, exp1, cos2, sin2, exp2 } = poles;
  return [
    a1 + a2,
    exp2 * (b2 * sin2 - (a2 + 2 * a1) * cos2) + exp1 * (b1 * sin1 - (a1 + 2 * a2) * cos1),
    ((a1 + a2) * cos2 * cos1 - (b1 * cos2 * sin1 + b2 * cos1 * sin2)) * (2 * exp1 * exp2) +
      (a2 * exp1 * exp1 + a1 * exp2 * exp2),
    exp2 * exp1 * exp1 * (b2 * sin2 - a2 * cos2) + exp1 * exp2 * exp2 * (b1 * sin1 - a1 * cos1),
  ];
}

function sums([n0, n1, n2, n3]: Coefficients): Sums {
  return [n0 + n1 + n2 + n3, n1 + 2 * n2 + 3 * n3, n1 + 4 * n2 + 9 * n3];
}

function scaled([a, b, c, d]: Coefficients, by: number): Coefficients {
  return [a * by, b * by, c * by, d * by];
}

function combined(u: Coefficients, by: number, v: Coefficients): Coefficients {
  return [u[0] + by * v[0], u[1] + by * v[1], u[2] + by * v[2], u[3] + by * v[3]];
}

function complete(n: Coefficients, d: Coefficients): RecursiveGaussian {
  const m: Coefficients = [n[1] - d[0] * n[0], n[2] - d[1] * n[0], n[3] - d[2] * n[0], -d[3] * n[0]];
  const sd = 1 + d[0] + d[1] + d[2] + d[3];
  const end = ([a, b, c, e]: Coefficients): Coefficients => {
    const sum = a + b + c + e;
    return [(d[0] * sum) / sd, (d[1] * sum) / sd, (d[2] * sum) / sd, (d[3] * sum) / sd];
  };
  return { n, m, d, causalEnd: end(n), anticausalEnd: end(m) };
}
