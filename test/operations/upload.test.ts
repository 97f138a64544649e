import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { Upload } from 'tus-js-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { niftiBytes } from '../support/nifti-bytes.ts';
import { TestServer } from '../support/server.ts';
import { sha256, traces, tus, type UploadAnswer, upload, uploadMetadata } from '../support/tus.ts';
import { imageFile } from '../support/volumes.ts';

const limit = 8 * 2 ** 20;
let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start({ maxUploadBytes: limit });
  // The first file waits for a thread to start.
  await upload(server, new Uint8Array(1), 'x.nii');
});
afterAll(() => server.stop());

describe('a sound file', () => {
  test('becomes an object known by its hash, and only then is in the graph', async () => {
    const bytes = imageFile(1);
    const hash = sha256(bytes);
    const query = `query ($sha256: [String!]!) { objects(sha256: $sha256) { sha256 byteLength format size spacing origin direction voxelType } }`;
    expect(await server.client.run(query, { sha256: [hash] })).toEqual({ objects: [] });
    const answer = await upload(server, bytes, 'scan.nii', hash);
    const object = {
      sha256: hash,
      byteLength: bytes.length,
      format: 'NIFTI1',
      size: [12, 11, 9],
      spacing: [1.5, 1.5, 3],
      origin: [-10, 20.5, 4],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      voxelType: 'INT16',
    };
    expect(answer).toMatchObject({ status: 201, body: object });
    expect(await server.client.run(query, { sha256: [hash, hash] })).toEqual({ objects: [object] });
    await expect.poll(() => traces(server)).toMatchObject({ uploads: [], objects: [hash], rows: [hash] });
    expect((await stat(join(server.directory, 'objects', hash.slice(0, 2), hash))).size).toBe(bytes.length);
  });

  test('is kept once, however often and under whatever name it comes', async () => {
    const bytes = gzipSync(imageFile(2));
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) => upload(server, bytes, `${n}.nii.gz`)),
    );
    for (const { status, body } of answers)
      expect({ status, sha256: body?.sha256 }).toEqual({ status: 201, sha256: sha256(bytes) });
    await expect.poll(async () => (await traces(server)).uploads).toEqual([]);
    const { objects, rows } = await traces(server);
    expect(objects.filter((name) => name === sha256(bytes))).toHaveLength(1);
    expect(objects).toEqual(rows);
  });

  test('whose upload breaks is taken up at the very byte', async () => {
    const bytes = imageFile(3, { size: [128, 128, 40] });
    const hash = sha256(bytes);
    const requests: { method: string; offset: number; length: number }[] = [];
    let broken: Upload | undefined;
    const options = (): ConstructorParameters<typeof Upload>[1] => ({
      endpoint: `${server.url}/uploads`,
      headers: server.signedIn,
      metadata: { filename: 'large.nii', sha256: hash },
      retryDelays: null,
      onBeforeRequest: (request) => {
        requests.push({
          method: request.getMethod(),
          offset: Number(request.getHeader('Upload-Offset')),
          length: Number(request.getHeader('Upload-Length')),
        });
      },
    });
    const url = await new Promise<string>((resolve, reject) => {
      broken = new Upload(Buffer.from(bytes) as never, {
        ...options(),
        chunkSize: 300_000,
        onError: reject,
        onChunkComplete: (_size, accepted) => {
          if (accepted < 600_000) return;
          broken?.abort().then(() => resolve(broken?.url as string), reject);
        },
      });
      broken.start();
    });
    const path = new URL(url).pathname;
    // Half a chunk more by a connection that dies under way.
    const cut = new AbortController();
    await tus(
      server,
      'PATCH',
      path,
      { 'upload-offset': '600000', 'content-type': 'application/offset+octet-stream' },
      new ReadableStream({
        async start(controller) {
          controller.enqueue(bytes.subarray(600_000, 612_345));
          await setTimeout(100);
          cut.abort();
        },
      }),
      cut.signal,
    ).catch(() => {});
    const arrived = async () =>
      (await stat(join(server.directory, 'uploads', path.split('/').at(-1) as string))).size;
    await expect.poll(arrived).toBe(612_345);
    expect((await tus(server, 'HEAD', path)).offset).toBe(612_345);

    requests.length = 0;
    const answer = await new Promise<string>((resolve, reject) => {
      const resumed = new Upload(Buffer.from(bytes) as never, {
        ...options(),
        uploadUrl: url,
        onError: reject,
        onSuccess: ({ lastResponse }) => resolve(lastResponse.getBody()),
      });
      resumed.start();
    });
    expect(requests.map(({ method, offset }) => [method, offset])).toEqual([
      ['HEAD', Number.NaN],
      ['PATCH', 612_345],
    ]);
    expect(JSON.parse(answer)).toMatchObject({ sha256: hash, byteLength: bytes.length });
    await expect.poll(async () => (await traces(server)).uploads).toEqual([]);
  });

  test('can be given up', async () => {
    const { location } = await tus(server, 'POST', '/uploads', { 'upload-length': '1000' });
    expect((await traces(server)).uploads).toHaveLength(2);
    expect((await tus(server, 'DELETE', location as string)).status).toBe(204);
    expect((await tus(server, 'HEAD', location as string)).status).toBe(404);
    expect((await traces(server)).uploads).toEqual([]);
  });
});

/** A gzip stream of a few bytes, then as many MiB of zeros as one likes, made without ever holding them. */
function bomb(start: Uint8Array, mebibytes: number): Uint8Array {
  const zeros = deflateRawSync(new Uint8Array(2 ** 20), { finishFlush: constants.Z_FULL_FLUSH, level: 9 });
  const head = deflateRawSync(start, { finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
    head,
    ...new Array(mebibytes).fill(zeros),
    Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
  ]);
}

/** With another checksum than its data have. */
function flipped(gzip: Uint8Array): Uint8Array {
  gzip[gzip.length - 8] ^= 1;
  return gzip;
}

const withNaN = () => {
  const voxels = new Float32Array(24).fill(1);
  voxels[1 + 2 * (2 + 3 * 1)] = Number.NaN;
  return niftiBytes({ datatype: 16, data: new Uint8Array(voxels.buffer) });
};

describe('an unsound file is refused with one code, named, and leaves nothing', () => {
  let before: Awaited<ReturnType<typeof traces>>;
  beforeEach(async () => {
    before = await traces(server);
  });

  test.each<[what: string, file: string, bytes: () => Uint8Array, code: string, details?: object]>([
    ['garbage', 'garbage.nii', () => randomBytes(5000), 'FILE_FORMAT_UNKNOWN'],
    ['text', 'notes.nrrd', () => Buffer.from('NRRD0009 is what this is not\n\n'), 'FILE_CORRUPT'],
    ['nothing at all', 'empty.nii', () => new Uint8Array(0), 'FILE_TRUNCATED'],
    ['one byte', 'one.nii', () => new Uint8Array(1), 'FILE_FORMAT_UNKNOWN'],
    ['a cut file', 'cut.nii', () => imageFile(4).subarray(0, 1000), 'FILE_TRUNCATED'],
    ['a cut header', 'cut.nii', () => imageFile(4).subarray(0, 200), 'FILE_TRUNCATED'],
    ['a cut gzip file', 'cut.nii.gz', () => gzipSync(imageFile(4)).subarray(0, -100), 'FILE_TRUNCATED'],
    ['a gzip file with a wrong byte', 'crc.nii.gz', () => flipped(gzipSync(imageFile(4))), 'FILE_CORRUPT'],
    ['4 GB in 4 MB', 'bomb.nii.gz', () => bomb(niftiBytes(), 4096), 'FILE_TOO_LARGE'],
    [
      'a few kB that promise 64 GB',
      'promise.nii.gz',
      () => bomb(niftiBytes({ dim: [3, 4096, 4096, 2048, 1, 1, 1, 1] }), 4),
      'FILE_TOO_LARGE',
    ],
    [
      'a few kB that promise 600 MB',
      'promise.nii.gz',
      () => bomb(niftiBytes({ dim: [3, 1000, 1000, 300, 1, 1, 1, 1] }), 4),
      'FILE_TRUNCATED',
    ],
    [
      'a NRRD bomb',
      'bomb.nrrd',
      () =>
        Buffer.concat([
          Buffer.from(
            'NRRD0004\ntype: short\ndimension: 3\nspace: left-posterior-superior\nsizes: 4 4 4\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nkinds: domain domain domain\nendian: little\nencoding: gzip\nspace origin: (0,0,0)\n\n',
          ),
          bomb(new Uint8Array(128), 4096),
        ]),
      'FILE_TOO_LARGE',
    ],
    ['a NIfTI called NRRD', 'scan.nrrd', () => imageFile(4), 'FILE_FORMAT_MISMATCH', { extension: '.nrrd' }],
    [
      'a gzip file called .nii',
      'scan.nii',
      () => gzipSync(imageFile(4)),
      'FILE_FORMAT_MISMATCH',
      { gzip: true },
    ],
    [
      'a plain file called .nii.gz',
      'scan.nii.gz',
      () => imageFile(4),
      'FILE_FORMAT_MISMATCH',
      { gzip: false },
    ],
    ['a NIfTI called PNG', 'scan.png', () => imageFile(4), 'FILE_FORMAT_MISMATCH', { extension: '.png' }],
    ['a NaN voxel', 'nan.nii', withNaN, 'IMAGE_NOT_FINITE', { voxel: [1, 2, 1], value: 'NaN' }],
    ['a plane', 'plane.nii', () => niftiBytes({ dim: [2, 2, 12, 1, 1, 1, 1, 1] }), 'IMAGE_NOT_3D'],
    ['a spacing of 0', 'flat.nii', () => niftiBytes({ pixdim: [1, 0, 1, 1] }), 'IMAGE_GEOMETRY_INVALID'],
  ])('%s', async (_what, file, bytes, code, details = {}) => {
    const started = performance.now();
    const { status, body } = await upload(server, bytes(), file);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(body).toMatchObject({ code, details: { file, ...details } });
    expect(body?.message).toContain(file);
    expect(status).toBe(code === 'FILE_TOO_LARGE' ? 413 : 422);
    expect(await traces(server)).toEqual(before);
  });

  test('other bytes than were announced', async () => {
    const bytes = imageFile(5);
    const expected = sha256(imageFile(6));
    expect(await upload(server, bytes, 'swapped.nii', expected)).toMatchObject({
      status: 460,
      body: { code: 'UPLOAD_MISMATCH', details: { file: 'swapped.nii', expected, found: sha256(bytes) } },
    });
    expect(await traces(server)).toEqual(before);
  });

  test('more bytes than the limit, announced or not', async () => {
    const refused = { status: 413, body: { code: 'FILE_TOO_LARGE', details: { limit } } };
    expect(await tus(server, 'POST', '/uploads', { 'upload-length': String(limit + 1) })).toMatchObject(
      refused,
    );
    const content = { 'content-type': 'application/offset+octet-stream' };
    const deferred = { ...content, 'upload-defer-length': '1' };
    expect(await tus(server, 'POST', '/uploads', deferred, new Uint8Array(9))).toMatchObject({
      status: 501,
      body: { code: 'INPUT_INVALID' },
    });
    const more = { ...content, 'upload-length': '10' };
    expect(await tus(server, 'POST', '/uploads', more, new Uint8Array(20))).toMatchObject({ status: 413 });
    const flood = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(2 ** 16));
      },
    });
    // A client that does not stop may find its connection closed before it reads the answer.
    const answer = await tus(server, 'POST', '/uploads', more, flood).catch(() => refused);
    expect(answer.status).toBe(413);
    await expect.poll(() => traces(server)).toEqual(before);
  });

  test('a name with a path is cut to its end', async () => {
    const { body } = await upload(server, new Uint8Array(9), '../../../etc/passwd');
    expect(body).toMatchObject({ code: 'FILE_FORMAT_UNKNOWN', details: { file: 'passwd' } });
    const long = await upload(server, new Uint8Array(9), `${'n'.repeat(2000)}.nii`);
    expect(String(long.body?.message).length).toBeLessThan(600);
  });
});

test('memory stays bounded while bombs go off', async () => {
  const bombs = [bomb(niftiBytes(), 4096), bomb(niftiBytes({ dim: [3, 1000, 1000, 300, 1, 1, 1, 1] }), 4)];
  const start = process.memoryUsage().rss;
  let peak = start;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 5);
  try {
    for (let n = 0; n < 3; n++)
      await Promise.all([...bombs, ...bombs].map((bytes) => upload(server, bytes, 'bomb.nii.gz')));
  } finally {
    clearInterval(watch);
  }
  expect(peak - start).toBeLessThan(400 * 2 ** 20);
});

describe('nobody reaches what is not theirs', () => {
  const unknown = { status: 404, body: { code: 'NOT_FOUND' } };

  test('uploads and objects cannot be read back', async () => {
    const { location } = await tus(server, 'POST', '/uploads', { 'upload-length': '1000' });
    for (const method of ['GET', 'PUT', 'POST'])
      expect(await tus(server, method, location as string)).toMatchObject(unknown);
    for (const path of ['/uploads', `/uploads/${sha256(imageFile(1))}`, '/objects', '/../objects'])
      expect(await tus(server, 'GET', path)).toMatchObject({ status: 404 });
    await tus(server, 'DELETE', location as string);
  });

  test.each([
    '/uploads/..',
    '/uploads/../../token',
    '/uploads/%2e%2e%2ftoken',
    '/uploads/..%2f..%2ftoken',
    '/uploads/%00',
    '/uploads/abc',
    '/uploads/..%5ctoken',
    '/uploads/token',
    '/uploads/%',
    `/uploads/${'0'.repeat(32)}`,
    `/uploads/x/${'0'.repeat(32)}`,
    `/uploads/${'0'.repeat(32)}.json`,
  ])('%s is no upload', async (path) => {
    const before = await traces(server);
    for (const method of ['HEAD', 'PATCH', 'DELETE']) {
      const answer = await raw(method, path);
      expect([400, 404, 410]).toContain(answer.status);
    }
    expect(await traces(server)).toEqual(before);
    expect(await stat(join(server.directory, 'token'))).toBeTruthy();
  });

  /** Without the tidying that fetch does to paths. */
  async function raw(method: string, path: string): Promise<{ status: number }> {
    const { request } = await import('node:http');
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(server.url);
      request(
        {
          hostname,
          port,
          method,
          path,
          headers: {
            ...server.signedIn,
            'tus-resumable': '1.0.0',
            'upload-offset': '0',
            'content-type': 'application/offset+octet-stream',
          },
        },
        (response) => {
          response.resume();
          resolve({ status: response.statusCode as number });
        },
      )
        .on('error', reject)
        .end();
    });
  }

  test('every request must be signed in', async () => {
    const { location } = await tus(server, 'POST', '/uploads', { 'upload-length': '1000' });
    const before = await traces(server);
    const nobody = { authorization: '' };
    for (const [method, path] of [
      ['POST', '/uploads'],
      ['HEAD', location as string],
      ['PATCH', location as string],
      ['DELETE', location as string],
      ['OPTIONS', '/uploads'],
    ] as const) {
      for (const headers of [nobody, { authorization: 'Bearer wrong' }, { authorization: server.token }]) {
        const answer: UploadAnswer = await tus(server, method, path, { 'upload-length': '10', ...headers });
        expect(answer.status).toBe(401);
      }
    }
    expect(await traces(server)).toEqual(before);
    await tus(server, 'DELETE', location as string);
  });

  test('other sites get no leave', async () => {
    const response = await fetch(`${server.url}/uploads`, {
      method: 'OPTIONS',
      headers: {
        ...server.signedIn,
        origin: 'https://evil.example',
        'access-control-request-method': 'POST',
      },
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

test('metadata that is no metadata is refused', async () => {
  for (const metadata of [
    'filename !!!',
    `filename ${'%'.repeat(10)}`,
    `${uploadMetadata({ filename: 'a' })} x y`,
  ]) {
    const answer = await tus(server, 'POST', '/uploads', {
      'upload-length': '10',
      'upload-metadata': metadata,
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID' } });
  }
  expect((await traces(server)).uploads).toEqual([]);
});
