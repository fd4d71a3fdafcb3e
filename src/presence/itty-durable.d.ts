/** Deep imports: the package's root is CommonJS that asks for modules. */
declare module 'itty-durable/itty-durable.js' {
  export function createDurable(): new (
    state: object,
    env: object,
  ) => {
    fetch(request: Request): Promise<Response>
    /** Keeps the object's own members as one value. */
    persist(): Promise<void>
  }
}

declare module 'itty-durable/proxy-durable.js' {
  /** What a method answers is JSON; its arguments travel in a header. */
  export function proxyDurable(
    namespace: object,
    options: { readonly parse: true },
  ): { get(name: string): { enter(place: string, who: string, now: number): Promise<unknown> } }
}
