/** At least 16 bytes that depend on a text and on a secret. */
export type Digest = (text: string) => Uint8Array;

/** A value that says nothing, of the value representation; of UIDs a new one. */
export function dummyValue(vr: string, value: Uint8Array, digest: Digest): Uint8Array {
  switch (vr) {
    case 'DA':
      return encodeText('19000101');
    case 'DT':
      return encodeText('19000101000000');
    case 'TM':
      return encodeText('000000');
    case 'DS':
    case 'IS':
      return encodeText('0');
    case 'AS':
      return encodeText('000Y');
    case 'UI':
      return newUids(value, digest);
    case 'AE':
    case 'CS':
    case 'LO':
    case 'LT':
    case 'PN':
    case 'SH':
    case 'ST':
    case 'UC':
    case 'UT':
      return encodeText('ANONYMIZED');
    default:
      return new Uint8Array(value.length);
  }
}

/** The value of an element of UIDs, each replaced. */
export function newUids(value: Uint8Array, digest: Digest): Uint8Array {
  const uids = String.fromCharCode(...value.subarray(0, 4096)).split('\\');
  return encodeText(uids.map((uid) => newUid(uid.replace(/[ \0]+$/, ''), digest)).join('\\'), '\0');
}

/** The UID that stands for another: that of a version 8 UUID (RFC 9562) made of its digest, in the form of PS3.5 B.2. */
export function newUid(uid: string, digest: Digest): string {
  if (uid === '' || uid.startsWith('1.2.840.10008.')) return uid;
  const bytes = digest(uid).slice(0, 16);
  if (bytes.length < 16) throw new Error(`a digest of ${bytes.length} bytes is too short for a UID`);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return `2.25.${bytes.reduce((number, byte) => number * 256n + BigInt(byte), 0n)}`;
}

/** Text as an element's value, padded to an even length. */
export function encodeText(value: string, padding = ' '): Uint8Array {
  return new TextEncoder().encode(value.length % 2 === 0 ? value : value + padding);
}
