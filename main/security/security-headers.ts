import { contentSecurityPolicy } from '../../gateway/contract/content-security-policy.ts'

/** On every answer of the scheme, files and API alike. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}
