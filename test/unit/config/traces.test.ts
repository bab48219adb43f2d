import { describe, expect, it } from 'vitest'
import { lines, loadText } from './load-text.ts'

const withCallbacks = (callbacks: string, variables = '') =>
  loadText(`environment_variables: {${variables}}\nlitellm_settings: {success_callback: ${callbacks}}\n`)
const targets = (callbacks: string, variables?: string) => withCallbacks(callbacks, variables).config?.traces

describe('callbacks', () => {
  it('otel sends traces to OpenTelemetry’s usual place, or to where its variables say', () => {
    expect(targets('[otel]')).toEqual([
      {
        name: 'otel',
        url: 'http://localhost:4318/v1/traces',
        headers: {},
        timeoutMs: 10_000,
        serviceName: 'signalbox',
        resource: {},
      },
    ])
    const variables =
      'OTEL_EXPORTER_OTLP_ENDPOINT: "https://c.example/otlp/", OTEL_EXPORTER_OTLP_HEADERS: "Api-Key=a%3Db,x=1", OTEL_SERVICE_NAME: box, OTEL_RESOURCE_ATTRIBUTES: "team=a", OTEL_EXPORTER_OTLP_TIMEOUT: "500"'
    expect(targets('otel', variables)).toEqual([
      {
        name: 'otel',
        url: 'https://c.example/otlp/v1/traces',
        headers: { 'api-key': 'a=b', x: '1' },
        timeoutMs: 500,
        serviceName: 'box',
        resource: { team: 'a' },
      },
    ])
    expect(targets('[otel]', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://t/x"')?.[0]?.url).toBe('http://t/x')
    expect(targets('[otel]', 'OTEL_SDK_DISABLED: "true"')).toEqual([])
  })

  it('langfuse sends traces to Langfuse with its two keys', () => {
    const [target] =
      targets('[langfuse]', 'LANGFUSE_PUBLIC_KEY: pk, LANGFUSE_SECRET_KEY: sk, LANGFUSE_HOST: "http://l:3000"') ?? []
    expect(target).toMatchObject({
      name: 'langfuse',
      url: 'http://l:3000/api/public/otel/v1/traces',
      headers: { authorization: `Basic ${Buffer.from('pk:sk').toString('base64')}` },
    })
  })

  it('langfuse without its keys is a warning that names them', () => {
    const loaded = withCallbacks('[langfuse]')
    expect(loaded.config?.traces).toEqual([])
    expect(lines(loaded, 'warning')[0]).toContain('LANGFUSE_PUBLIC_KEY')
  })

  it('prometheus needs nothing; any other is warned about once', () => {
    expect(withCallbacks('[prometheus]').problems).toEqual([])
    const loaded = loadText('litellm_settings: {callbacks: [s3, otel], success_callback: [s3, slack]}\n')
    expect(lines(loaded, 'warning').map((line) => /"(\w+)"/u.exec(line)?.[1])).toEqual(['s3', 'slack'])
    expect(loaded.config?.traces).toHaveLength(1)
  })

  it.each([
    ['OTEL_EXPORTER_OTLP_PROTOCOL: grpc', 'grpc'],
    ['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "true"', 'no prompts'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4317"', 'http://'],
  ])('%s is warned about', (variables, words) => {
    expect(lines(withCallbacks('[otel]', variables), 'warning')[0]).toContain(words)
  })

  it('keep their credentials out of the revision and out of problems', () => {
    const one = withCallbacks('[otel]', 'OTEL_HEADERS: "key=canary-one"')
    const two = withCallbacks('[otel]', 'OTEL_HEADERS: "key=canary-two"')
    expect(one.config?.revision).toBe(two.config?.revision)
    expect(JSON.stringify(one.problems)).not.toContain('canary')
  })
})
