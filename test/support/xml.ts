export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlElement | string)[];
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** Parses XML as strictly as tests need: quoted attributes once each, known entities alone, every element closed. Throws. */
export function parseXml(text: string): XmlElement {
  const token = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
  const stack: { name: string; attributes: Record<string, string>; children: (XmlElement | string)[] }[] = [
    { name: '', attributes: {}, children: [] },
  ];
  let at = text.startsWith('<?xml') || text.startsWith('<!DOCTYPE') ? text.indexOf('>') + 1 : 0;
  while (at < text.length) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (!match) throw new Error(`not well-formed at ${at}: ${text.slice(at, at + 60)}`);
    at = token.lastIndex;
    const [, closing, name, attributes, empty, content] = match;
    const top = stack[stack.length - 1];
    if (content !== undefined) top.children.push(withEntities(content));
    else if (closing) {
      if (top.name !== name) throw new Error(`</${name}> closes <${top.name}>`);
      stack.pop();
    } else {
      const element = { name, attributes: readAttributes(attributes), children: [] };
      top.children.push(element);
      if (!empty) stack.push(element);
    }
  }
  if (stack.length !== 1) throw new Error(`<${stack[stack.length - 1].name}> is not closed`);
  const roots = stack[0].children.filter((child) => typeof child !== 'string');
  if (roots.length !== 1) throw new Error(`${roots.length} elements at the top`);
  return roots[0];
}

/** The element and all in it, in their order. */
export function descendants(element: XmlElement): XmlElement[] {
  return [
    element,
    ...element.children.flatMap((child) => (typeof child === 'string' ? [] : descendants(child))),
  ];
}

function readAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/([\w:-]+)="([^"]*)"/g)) {
    if (name in attributes) throw new Error(`two attributes ${name}`);
    attributes[name] = withEntities(value);
  }
  return attributes;
}

function withEntities(text: string): string {
  return text.replaceAll(/&([^;&\s]*);?/g, (whole, name: string) => {
    if (!whole.endsWith(';') || !(name in entities)) throw new Error(`unknown entity ${whole}`);
    return entities[name];
  });
}
