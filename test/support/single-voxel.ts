/** The row of a volume of one voxel, where a test needs no more of a file than that the store has it. */
export function singleVoxel(sha256: string) {
  return {
    sha256,
    byteLength: 1,
    format: 'NIFTI1',
    size: [1, 1, 1],
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    voxelType: 'INT16',
  };
}
