/**
 * Adds sign · BᵀB to the lower triangle of a row-major p × p matrix. B has `rows` rows; its column j begins at
 * `buffer[j · stride]`. Two by two columns at a time, so that each value loaded serves twice.
 */
export function addGram(
  target: Float64Array,
  p: number,
  buffer: Float64Array,
  stride: number,
  rows: number,
  sign: number,
): void {
  for (let a = 0; a < p; a += 2) {
    const a0 = a * stride;
    const a1 = a + 1 < p ? a0 + stride : a0;
    for (let b = 0; b <= a; b += 2) {
      const b0 = b * stride;
      const b1 = b + 1 < p ? b0 + stride : b0;
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      for (let r = 0; r < rows; r++) {
        const x0 = buffer[a0 + r];
        const x1 = buffer[a1 + r];
        const y0 = buffer[b0 + r];
        const y1 = buffer[b1 + r];
        s00 += x0 * y0;
        s01 += x0 * y1;
        s10 += x1 * y0;
        s11 += x1 * y1;
      }
      target[a * p + b] += sign * s00;
      if (b + 1 <= a) target[a * p + b + 1] += sign * s01;
      if (a + 1 < p) {
        target[(a + 1) * p + b] += sign * s10;
        target[(a + 1) * p + b + 1] += sign * s11;
      }
    }
  }
}
