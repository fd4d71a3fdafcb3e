/**
 * Finds what belongs to a path among very many pathname patterns, without trying them all: patterns
 * hang on a tree by their leading literal segments, and only those on the path's own branch are tried.
 */
export interface PathIndex<T> {
  /** Every value with a pattern that matches the pathname, each once, in the order they were added. */
  match(pathname: string): T[]
}

interface Entry<T> {
  readonly order: number
  readonly value: T
  /** Absent for a pattern without wildcards, which matches where its branch ends. */
  readonly pattern?: URLPattern
}

interface Node<T> {
  readonly children: Map<string, Node<T>>
  /** Literal patterns that end here. */
  readonly exact: Entry<T>[]
  /** Patterns with their first wildcard below here. */
  readonly open: Entry<T>[]
}

/** Characters that make a segment more than a literal in URLPattern's pathname syntax. */
const SYNTAX = /[:*?+(){}\\]/

/** Throws a TypeError for a pattern that URLPattern does not understand. */
export function createPathIndex<T>(
  values: readonly { value: T; patterns: readonly string[] }[],
): PathIndex<T> {
  const root = createNode<T>()
  values.forEach(({ value, patterns }, order) => {
    for (const pattern of patterns) add(root, pattern, { order, value })
  })
  return { match: (pathname) => collect(root, pathname) }
}

function createNode<T>(): Node<T> {
  return { children: new Map(), exact: [], open: [] }
}

function add<T>(root: Node<T>, pathname: string, entry: Entry<T>): void {
  let node = root
  for (const segment of pathname.split('/').slice(1)) {
    if (SYNTAX.test(segment)) {
      node.open.push({ ...entry, pattern: new URLPattern({ pathname }) })
      return
    }
    node = childOf(node, canonical(segment))
  }
  node.exact.push(entry)
}

/** Percent-encoded as the platform gives a request's path. */
function canonical(segment: string): string {
  const url = new URL('http://host')
  // Set rather than parsed: a # or ? here is a character of the path, as it is to URLPattern.
  url.pathname = `/${segment}`
  return url.pathname.slice(1)
}

function childOf<T>(node: Node<T>, segment: string): Node<T> {
  const known = node.children.get(segment)
  if (known) return known
  const child = createNode<T>()
  node.children.set(segment, child)
  return child
}

function collect<T>(root: Node<T>, pathname: string): T[] {
  const found = new Map<number, T>()
  const tryOpen = (node: Node<T>) => {
    for (const { order, value, pattern } of node.open) {
      if (!found.has(order) && pattern?.test({ pathname })) found.set(order, value)
    }
  }
  let node: Node<T> | undefined = root
  tryOpen(root)
  for (const segment of pathname.split('/').slice(1)) {
    node = node.children.get(segment)
    if (!node) break
    tryOpen(node)
  }
  for (const { order, value } of node?.exact ?? []) found.set(order, value)
  return [...found.entries()].sort(([a], [b]) => a - b).map(([, value]) => value)
}
