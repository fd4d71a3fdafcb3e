/**
 * What Segment's browser client asks for before it starts: where its events go, and that there are no
 * other destinations, plug-ins or figures of its own to send.
 */
export function toSettings(writeKey: string, { host, protocol }: URL): object {
  return {
    integrations: {
      'Segment.io': {
        apiKey: writeKey,
        apiHost: `${host}/_sv/v1`,
        protocol: protocol.slice(0, -1),
        addBundledMetadata: false,
      },
    },
    plan: {},
    edgeFunction: {},
    analyticsNextEnabled: true,
    middlewareSettings: {},
    enabledMiddleware: {},
    metrics: { sampleRate: 0 },
    legacyVideoPluginsEnabled: false,
    remotePlugins: [],
  }
}
