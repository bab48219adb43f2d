import { describe, expect, it } from 'vitest'
import { isTrustedSender } from '../../../../main/desktop/sender.ts'
import { safeExternalLink } from '../../../../main/security/external-links.ts'
import {
  applyPagePolicy,
  isNavigationAllowed,
  isPermissionAllowed,
  isRequestAllowed,
} from '../../../../main/security/session-policy.ts'

const outside = [
  'https://evil.example/',
  'http://127.0.0.1:4000/ui/',
  'file:///etc/passwd',
  'app://ui.evil/',
  'app://uix/',
  'app://other/',
  'javascript:alert(1)',
  'data:text/html,x',
  'about:blank',
  '',
]

describe('what a page may do', () => {
  it('moves within the interface and nowhere else', () => {
    expect(isNavigationAllowed('app://ui/')).toBe(true)
    expect(isNavigationAllowed('app://ui/#routers')).toBe(true)
    expect(outside.filter(isNavigationAllowed)).toEqual([])
  })

  it('requests the interface and its API and nothing else', () => {
    expect(isRequestAllowed('app://ui/api/events', false)).toBe(true)
    expect(outside.filter((url) => isRequestAllowed(url, false))).toEqual([])
    expect(isRequestAllowed('devtools://devtools/x.js', false)).toBe(false)
    expect(isRequestAllowed('devtools://devtools/x.js', true)).toBe(true)
    expect(outside.filter((url) => isRequestAllowed(url, true))).toEqual([])
  })

  it('may copy, and is refused every other permission', () => {
    expect(isPermissionAllowed('clipboard-sanitized-write', 'app://ui')).toBe(true)
    expect(isPermissionAllowed('clipboard-sanitized-write', 'https://evil.example')).toBe(false)
    for (const permission of ['clipboard-read', 'media', 'geolocation', 'notifications', 'openExternal', 'usb']) {
      expect(isPermissionAllowed(permission, 'app://ui/')).toBe(false)
    }
  })

  it('opens no window; a known https link goes to the browser', () => {
    let open: (url: string) => void = () => undefined
    let webviews = true
    const opened: string[] = []
    applyPagePolicy(
      {
        onNavigate: () => undefined,
        onOpenWindow: (notice) => {
          open = notice
        },
        refuseWebviews: () => {
          webviews = false
        },
      },
      { openExternal: (url) => opened.push(url) },
    )
    for (const url of [...outside, 'https://github.com/x']) open(url)
    expect(opened).toEqual(['https://github.com/x'])
    expect(webviews).toBe(false)
  })
})

it.each([
  'http://github.com/',
  'https://github.com.evil.example/',
  'https://user:pass@github.com/',
  'https://github.com:8443/',
  'file:///C:/Windows/system32/calc.exe',
  'smb://github.com/',
  'no url',
])('does not open %s', (link) => {
  expect(safeExternalLink(link)).toBeUndefined()
})

it('opens what the parser made of a link, not its text', () => {
  expect(safeExternalLink('HTTPS://GitHub.com/a b')).toBe('https://github.com/a%20b')
})

it('trusts the main frame of our own pages only', () => {
  expect(isTrustedSender({ url: 'app://ui/', parent: null })).toBe(true)
  expect(isTrustedSender({ url: 'app://ui/', parent: {} })).toBe(false)
  expect(isTrustedSender({ url: 'app://ui.evil/', parent: null })).toBe(false)
  expect(isTrustedSender({ url: 'https://evil.example/', parent: null })).toBe(false)
  expect(isTrustedSender(null)).toBe(false)
})
