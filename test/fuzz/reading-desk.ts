import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FuzzCase } from './fuzz-case.ts';
import type { Defect, ReadReport } from './reader.ts';
import { ReaderProcess } from './reader-process.ts';
import { soundSeries } from './seed-series.ts';
import { volumeFile } from './seed-volumes.ts';

/** Where mutated files are laid beside the sound ones that they are read with. */
export class ReadingDesk {
  readonly #folder: string;
  readonly #reader = new ReaderProcess();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(): Promise<ReadingDesk> {
    const desk = new ReadingDesk(await mkdtemp(join(tmpdir(), 'nomograph-fuzz-')));
    const at = (...names: string[]) => join(desk.#folder, ...names);
    for (const role of ['image', 'mask'] as const)
      await writeFile(at(`${role}.nii`), volumeFile('NIfTI-1', role));
    for (const [series, files] of Object.entries(soundSeries)) {
      await mkdir(at(series));
      for (const [k, bytes] of files.entries()) await writeFile(at(series, `${k}.dcm`), bytes);
    }
    return desk;
  }

  async read(file: FuzzCase, defect?: Defect, milliseconds?: number): Promise<ReadReport | 'CRASH' | 'HANG'> {
    const { role, series, filtered } = file;
    const path = join(this.#folder, file.name);
    await writeFile(path, file.bytes);
    const partner = join(this.#folder, { image: 'mask.nii', mask: 'image.nii' }[role as string] ?? series);
    return this.#reader.read({ role, path, partner, filtered, ...(defect && { defect }) }, milliseconds);
  }

  async close(): Promise<void> {
    await this.#reader.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
