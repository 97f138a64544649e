/** A part of a file's name that every system takes: letters, digits, `+`, `-` and `_`; others become `_`. */
export function fileNamePart(text: string): string {
  const safe = text.replaceAll(/[^A-Za-z0-9+_-]+/g, '_').slice(0, 60);
  return safe === '' ? '_' : safe;
}

/** {@link fileNamePart} of each, made distinct by a number at its end, whatever the case of its letters. */
export function fileNameParts(texts: readonly string[]): string[] {
  const taken = new Set<string>();
  return texts.map((text) => {
    const part = fileNamePart(text);
    let candidate = part;
    for (let count = 2; taken.has(candidate.toLowerCase()); count++) candidate = `${part}-${count}`;
    taken.add(candidate.toLowerCase());
    return candidate;
  });
}
