import type { Stage } from './fourier.ts';

/** One stage of Stockham's algorithm: from one pair of arrays into another, lines of `stride` numbers side by side. */
type Butterfly = (
  stage: Stage,
  stride: number,
  fromRe: Float64Array,
  fromIm: Float64Array,
  toRe: Float64Array,
  toIm: Float64Array,
) => void;

const sine60 = Math.sin(Math.PI / 3);
const [cosine72, cosine144] = [Math.cos((2 * Math.PI) / 5), Math.cos((4 * Math.PI) / 5)];
const [sine72, sine144] = [Math.sin((2 * Math.PI) / 5), Math.sin((4 * Math.PI) / 5)];

/** The discrete Fourier transforms of 2, 3, 4 and 5 numbers, with the roots of unity that join them, by their length. */
export const butterflies: Readonly<Record<number, Butterfly>> = {
  2({ groups, re, im }, stride, fromRe, fromIm, toRe, toIm) {
    const jump = stride * groups;
    for (let q = 0; q < groups; q++) {
      const wRe1 = re[2 * q + 1];
      const wIm1 = im[2 * q + 1];
      let to = stride * 2 * q;
      for (let at = stride * q; at < stride * (q + 1); at++, to++) {
        const aRe = fromRe[at];
        const aIm = fromIm[at];
        const bRe = fromRe[at + jump];
        const bIm = fromIm[at + jump];
        const outRe1 = aRe - bRe;
        const outIm1 = aIm - bIm;
        toRe[to] = aRe + bRe;
        toIm[to] = aIm + bIm;
        toRe[to + stride] = outRe1 * wRe1 - outIm1 * wIm1;
        toIm[to + stride] = outRe1 * wIm1 + outIm1 * wRe1;
      }
    }
  },
  3({ groups, re, im }, stride, fromRe, fromIm, toRe, toIm) {
    const jump = stride * groups;
    for (let q = 0; q < groups; q++) {
      const wRe1 = re[3 * q + 1];
      const wIm1 = im[3 * q + 1];
      const wRe2 = re[3 * q + 2];
      const wIm2 = im[3 * q + 2];
      let to = stride * 3 * q;
      for (let at = stride * q; at < stride * (q + 1); at++, to++) {
        const aRe = fromRe[at];
        const aIm = fromIm[at];
        const bRe = fromRe[at + jump];
        const bIm = fromIm[at + jump];
        const cRe = fromRe[at + 2 * jump];
        const cIm = fromIm[at + 2 * jump];
        const sumRe = bRe + cRe;
        const sumIm = bIm + cIm;
        const midRe = aRe - sumRe / 2;
        const midIm = aIm - sumIm / 2;
        const turnRe = sine60 * (bIm - cIm);
        const turnIm = sine60 * (cRe - bRe);
        const outRe1 = midRe + turnRe;
        const outIm1 = midIm + turnIm;
        const outRe2 = midRe - turnRe;
        const outIm2 = midIm - turnIm;
        toRe[to] = aRe + sumRe;
        toIm[to] = aIm + sumIm;
        toRe[to + stride] = outRe1 * wRe1 - outIm1 * wIm1;
        toIm[to + stride] = outRe1 * wIm1 + outIm1 * wRe1;
        toRe[to + 2 * stride] = outRe2 * wRe2 - outIm2 * wIm2;
        toIm[to + 2 * stride] = outRe2 * wIm2 + outIm2 * wRe2;
      }
    }
  },
  4({ groups, re, im }, stride, fromRe, fromIm, toRe, toIm) {
    const jump = stride * groups;
    for (let q = 0; q < groups; q++) {
      const wRe1 = re[4 * q + 1];
      const wIm1 = im[4 * q + 1];
      const wRe2 = re[4 * q + 2];
      const wIm2 = im[4 * q + 2];
      const wRe3 = re[4 * q + 3];
      const wIm3 = im[4 * q + 3];
      let to = stride * 4 * q;
      for (let at = stride * q; at < stride * (q + 1); at++, to++) {
        const aRe = fromRe[at];
        const aIm = fromIm[at];
        const bRe = fromRe[at + jump];
        const bIm = fromIm[at + jump];
        const cRe = fromRe[at + 2 * jump];
        const cIm = fromIm[at + 2 * jump];
        const dRe = fromRe[at + 3 * jump];
        const dIm = fromIm[at + 3 * jump];
        const evenRe = aRe + cRe;
        const evenIm = aIm + cIm;
        const oddRe = bRe + dRe;
        const oddIm = bIm + dIm;
        const outRe1 = aRe - cRe + (bIm - dIm);
        const outIm1 = aIm - cIm - (bRe - dRe);
        const outRe2 = evenRe - oddRe;
        const outIm2 = evenIm - oddIm;
        const outRe3 = aRe - cRe - (bIm - dIm);
        const outIm3 = aIm - cIm + (bRe - dRe);
        toRe[to] = evenRe + oddRe;
        toIm[to] = evenIm + oddIm;
        toRe[to + stride] = outRe1 * wRe1 - outIm1 * wIm1;
        toIm[to + stride] = outRe1 * wIm1 + outIm1 * wRe1;
        toRe[to + 2 * stride] = outRe2 * wRe2 - outIm2 * wIm2;
        toIm[to + 2 * stride] = outRe2 * wIm2 + outIm2 * wRe2;
        toRe[to + 3 * stride] = outRe3 * wRe3 - outIm3 * wIm3;
        toIm[to + 3 * stride] = outRe3 * wIm3 + outIm3 * wRe3;
      }
    }
  },
  5({ groups, re, im }, stride, fromRe, fromIm, toRe, toIm) {
    const jump = stride * groups;
    for (let q = 0; q < groups; q++) {
      const wRe1 = re[5 * q + 1];
      const wIm1 = im[5 * q + 1];
      const wRe2 = re[5 * q + 2];
      const wIm2 = im[5 * q + 2];
      const wRe3 = re[5 * q + 3];
      const wIm3 = im[5 * q + 3];
      const wRe4 = re[5 * q + 4];
      const wIm4 = im[5 * q + 4];
      let to = stride * 5 * q;
      for (let at = stride * q; at < stride * (q + 1); at++, to++) {
        const aRe = fromRe[at];
        const aIm = fromIm[at];
        const bRe = fromRe[at + jump];
        const bIm = fromIm[at + jump];
        const cRe = fromRe[at + 2 * jump];
        const cIm = fromIm[at + 2 * jump];
        const dRe = fromRe[at + 3 * jump];
        const dIm = fromIm[at + 3 * jump];
        const eRe = fromRe[at + 4 * jump];
        const eIm = fromIm[at + 4 * jump];
        const sumRe1 = bRe + eRe;
        const sumIm1 = bIm + eIm;
        const sumRe2 = cRe + dRe;
        const sumIm2 = cIm + dIm;
        const gapRe1 = bRe - eRe;
        const gapIm1 = bIm - eIm;
        const gapRe2 = cRe - dRe;
        const gapIm2 = cIm - dIm;
        const midRe1 = aRe + cosine72 * sumRe1 + cosine144 * sumRe2;
        const midIm1 = aIm + cosine72 * sumIm1 + cosine144 * sumIm2;
        const midRe2 = aRe + cosine144 * sumRe1 + cosine72 * sumRe2;
        const midIm2 = aIm + cosine144 * sumIm1 + cosine72 * sumIm2;
        const turnRe1 = sine72 * gapIm1 + sine144 * gapIm2;
        const turnIm1 = -sine72 * gapRe1 - sine144 * gapRe2;
        const turnRe2 = sine144 * gapIm1 - sine72 * gapIm2;
        const turnIm2 = sine72 * gapRe2 - sine144 * gapRe1;
        const outRe1 = midRe1 + turnRe1;
        const outIm1 = midIm1 + turnIm1;
        const outRe2 = midRe2 + turnRe2;
        const outIm2 = midIm2 + turnIm2;
        const outRe3 = midRe2 - turnRe2;
        const outIm3 = midIm2 - turnIm2;
        const outRe4 = midRe1 - turnRe1;
        const outIm4 = midIm1 - turnIm1;
        toRe[to] = aRe + sumRe1 + sumRe2;
        toIm[to] = aIm + sumIm1 + sumIm2;
        toRe[to + stride] = outRe1 * wRe1 - outIm1 * wIm1;
        toIm[to + stride] = outRe1 * wIm1 + outIm1 * wRe1;
        toRe[to + 2 * stride] = outRe2 * wRe2 - outIm2 * wIm2;
        toIm[to + 2 * stride] = outRe2 * wIm2 + outIm2 * wRe2;
        toRe[to + 3 * stride] = outRe3 * wRe3 - outIm3 * wIm3;
        toIm[to + 3 * stride] = outRe3 * wIm3 + outIm3 * wRe3;
        toRe[to + 4 * stride] = outRe4 * wRe4 - outIm4 * wIm4;
        toIm[to + 4 * stride] = outRe4 * wIm4 + outIm4 * wRe4;
      }
    }
  },
};
