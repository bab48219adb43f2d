import { describe, expect, test } from 'vitest'
import { readProxySettings } from '../../../gateway/upstream/proxy-settings.ts'

const company = { HTTPS_PROXY: 'http://someone:s3cret@proxy.corp:8080', HTTP_PROXY: 'proxy.corp:3128' }

describe('proxies of the environment', () => {
  test('each scheme has its own, ALL_PROXY is for what has none, lower case wins', () => {
    const { proxyFor } = readProxySettings({ ...company, ALL_PROXY: 'socks5h://socks:1080' })
    expect(proxyFor('https://api.example.com/v1')?.shown).toBe('proxy.corp:8080')
    expect(proxyFor('http://api.example.com/v1')?.uri).toBe('http://proxy.corp:3128/')
    expect(readProxySettings({ ALL_PROXY: 'socks5h://socks:1080' }).proxyFor('https://a.b')?.uri).toBe(
      'socks5://socks:1080',
    )
    const lower = readProxySettings({ ...company, https_proxy: 'http://other:1' })
    expect(lower.proxyFor('https://a.b')?.shown).toBe('other:1')
  })

  test('credentials are not among what is shown', () => {
    expect(readProxySettings(company).named).toEqual(['HTTPS_PROXY proxy.corp:8080', 'HTTP_PROXY proxy.corp:3128'])
    const { problems } = readProxySettings({ HTTPS_PROXY: 'ftp://someone:s3cret@x' })
    expect(problems).toEqual(['HTTPS_PROXY is no address of a proxy; wanted is http://host:port.'])
  })

  test.each([
    'http://localhost:11434/v1',
    'http://127.0.0.1:8080',
    'http://127.1.2.3',
    'http://[::1]:8080',
    'http://gpu.localhost',
  ])('%s is never asked through one', (address) => {
    expect(readProxySettings(company).proxyFor(address)).toBeUndefined()
  })

  test.each<[string, string, boolean]>([
    ['*', 'https://api.example.com', true],
    ['example.com', 'https://example.com', true],
    ['example.com', 'https://api.example.com', true],
    ['.example.com', 'https://api.example.com', true],
    ['*.example.com', 'https://api.example.com', true],
    ['example.com', 'https://badexample.com', false],
    ['example.com:8443', 'https://example.com', false],
    ['example.com:443', 'https://example.com', true],
    ['10.0.0.0/8', 'http://10.1.2.3:8000', true],
    ['10.0.0.0/8', 'http://11.1.2.3:8000', false],
    ['10.0.0.0/nonsense', 'http://10.1.2.3:8000', false],
    ['192.168.1.4', 'http://192.168.1.4:8000', true],
    ['fd00::/8', 'http://[fd12::1]:8000', true],
    ['[fd12::1]:8000', 'http://[fd12::1]:8000', true],
    ['one.example, two.example three.example', 'https://three.example', true],
    ['', 'https://api.example.com', false],
  ])('NO_PROXY %s and %s', (exceptions, address, straight) => {
    const { proxyFor } = readProxySettings({ ...company, NO_PROXY: exceptions })
    expect(proxyFor(address) === undefined).toBe(straight)
  })
})
