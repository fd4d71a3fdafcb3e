/** What a segment is called: its values, `*` being whatever is not told apart. */
export function toSegmentName(segment: string): string {
  if (segment === '') return 'not told apart'
  return segment
    .split('/')
    .map((value) => (value === '*' ? 'other' : value))
    .join(' · ')
}
