/** One attribute, in one of the four forms of HTML §13.1.2.3, as the tokenizer states find it. */
const ATTRIBUTE =
  /[\t\n\f\r /]*([^\t\n\f\r />][^\t\n\f\r />=]*)(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|([^\t\n\f\r >]*)))?/gy

/** Name and value, in lower case, of the attributes in what of a start tag follows its name. */
export function attributesIn(parts: readonly Uint8Array[]): [name: string, value: string][] {
  // The attributes that are asked for are ASCII, which is itself in any charset that is read here.
  const decoder = new TextDecoder('latin1')
  const text = parts
    .map((bytes) => decoder.decode(bytes))
    .join('')
    .toLowerCase()
  return [...text.matchAll(ATTRIBUTE)].map(([, name = '', double, single, bare]) => [
    name,
    double ?? single ?? bare ?? '',
  ])
}
