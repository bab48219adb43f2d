import { SecretStoreError } from './secret-store-error.ts'

const alternative = 'Until then keys can be given as environment variables.'

/**
 * Turns a failure of the keyring library into a sentence with a remedy. The library gives every failure the same code,
 * so only its text tells them apart; the texts are those of version 2.1.2, seen by running it.
 */
export function explainKeyringFailure(thrown: unknown, platform: NodeJS.Platform): SecretStoreError {
  if (thrown instanceof SecretStoreError) return thrown
  const text = thrown instanceof Error ? thrown.message : ''
  return new SecretStoreError('keychain', `${sentenceFor(text, platform)} ${alternative}`, thrown)
}

function sentenceFor(text: string, platform: NodeJS.Platform): string {
  if (/Cannot find (?:native binding|module|package)/.test(text)) {
    return 'The keychain library for this system is not installed. Run `npm ci` again without `--omit=optional`.'
  }
  if (/DBUS_SESSION_BUS_ADDRESS|X11 for dbus|autolaunch/.test(text)) {
    return 'There is no keychain: this session has no D-Bus session bus. Start from a desktop session, or with `dbus-run-session`.'
  }
  if (/org\.freedesktop\.secrets|ServiceUnknown/.test(text)) {
    return 'There is no keychain: no program offers the Secret Service. Install and start gnome-keyring, KWallet or KeePassXC.'
  }
  if (/no result found/i.test(text)) {
    return 'The keychain has no keyring to write to yet. Log in with a password once, or create a default keyring.'
  }
  if (/unlock prompt was dismissed|locked/i.test(text)) return 'The keychain is locked. Unlock it and try again.'
  if (platform === 'darwin') return 'The macOS Keychain refused. Open Keychain Access and allow Signalbox.'
  if (platform === 'win32') return 'The Windows Credential Manager refused.'
  return 'The keychain cannot be used.'
}
