const storageKey = 'signalbox.session'

export type SessionStart =
  | { readonly state: 'ready' }
  /** Neither a session nor a link: the page was opened by hand. */
  | { readonly state: 'no-link' }
  /** The one-time code was used before or is too old. */
  | { readonly state: 'used-link' }
  | { readonly state: 'unreachable' }

export interface SessionDependencies {
  readonly protocol: string
  readonly fragment: string
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  /** Rejects with an error that has a `status` when the gateway refuses the code. */
  readonly exchange: (code: string) => Promise<{ token: string }>
  readonly removeFragment: () => void
}

/** The token of this tab's session; undefined inside the desktop application, which adds its own. */
export function readToken(storage: Pick<Storage, 'getItem'>): string | undefined {
  return storage.getItem(storageKey) ?? undefined
}

export function forgetToken(storage: Pick<Storage, 'removeItem'>): void {
  storage.removeItem(storageKey)
}

/** Begins the session: trades the link's one-time code for a token and takes the code out of the address bar. */
export async function beginSession(dependencies: SessionDependencies): Promise<SessionStart> {
  if (dependencies.protocol === 'app:') return { state: 'ready' }
  const code = readCode(dependencies.fragment)
  const known = readToken(dependencies.storage) !== undefined
  if (code === undefined) return { state: known ? 'ready' : 'no-link' }
  try {
    const session = await dependencies.exchange(code)
    dependencies.storage.setItem(storageKey, session.token)
    dependencies.removeFragment()
    return { state: 'ready' }
  } catch (error) {
    // A code that nobody answered for stays in the address: loading the page again tries it again.
    if (typeof (error as { status?: unknown }).status !== 'number') return { state: 'unreachable' }
    dependencies.removeFragment()
    return { state: known ? 'ready' : 'used-link' }
  }
}

/** The code in `#code=…`, undefined where the fragment is a page of ours. */
export function readCode(fragment: string): string | undefined {
  const code = new URLSearchParams(fragment.replace(/^#/, '')).get('code')
  return code === null || code === '' ? undefined : code
}
