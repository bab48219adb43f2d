import { app, session, protocol, type Session, type WebContents } from 'electron'
import type { PagePort, SessionPort } from '../security/session-policy.ts'
import { appScheme } from '../security/app-protocol.ts'
import type { AppPort, ProtocolPort, Unsubscribe } from '../ports/electron-ports.ts'

/** `app` as a port. */
export function adaptApp(): AppPort {
  return {
    quit: () => app.quit(),
    exit: (code) => app.exit(code),
    requestLock: (data) => app.requestSingleInstanceLock(data),
    onSecondInstance: (listener) => {
      const onStart = (_event: Electron.Event, _argv: string[], _directory: string, data: unknown) => listener(data)
      app.on('second-instance', onStart)
      return () => app.off('second-instance', onStart)
    },
    onBeforeQuit: (hold) => {
      const listener = (event: Electron.Event) => {
        if (hold()) event.preventDefault()
      }
      app.on('before-quit', listener)
      return () => app.off('before-quit', listener)
    },
    onWindowAllClosed: (listener) => {
      app.on('window-all-closed', listener)
      return () => app.off('window-all-closed', listener)
    },
    onActivate: (listener) => {
      app.on('activate', listener)
      return () => app.off('activate', listener)
    },
    onChildGone: (listener) => {
      const onGone = (_event: Electron.Event, details: Electron.Details) =>
        listener({ kind: details.type, reason: details.reason, service: details.serviceName ?? details.name ?? '' })
      app.on('child-process-gone', onGone)
      return () => app.off('child-process-gone', onGone)
    },
    onPage: (listener) => {
      const onCreated = (_event: Electron.Event, contents: WebContents) => listener(adaptPage(contents))
      app.on('web-contents-created', onCreated)
      return () => app.off('web-contents-created', onCreated)
    },
    showInDock: (shown) => {
      // There is a dock on macOS only.
      if (shown) void app.dock?.show()
      else app.dock?.hide()
    },
  }
}

/** Links that macOS hands over, the first one perhaps before `ready`: call before. */
export function onOpenUrl(listener: (url: string) => void): void {
  app.on('open-url', (event, url) => {
    event.preventDefault()
    listener(url)
  })
}

function adaptPage(contents: WebContents): PagePort {
  return {
    onNavigate: (decide) => {
      const refuse = (event: { readonly url: string; preventDefault(): void }) => {
        if (!decide(event.url)) event.preventDefault()
      }
      contents.on('will-navigate', refuse)
      contents.on('will-frame-navigate', refuse)
      contents.on('will-redirect', refuse)
    },
    onOpenWindow: (notice) =>
      contents.setWindowOpenHandler(({ url }) => {
        notice(url)
        return { action: 'deny' }
      }),
    refuseWebviews: () => {
      contents.on('will-attach-webview', (event) => event.preventDefault())
    },
  }
}

/** The default session, which all windows use, as a port. Call after `ready`. */
export function adaptSession(): SessionPort {
  const governed: Session = session.defaultSession
  return {
    onPermission: (decide) => {
      governed.setPermissionRequestHandler((_contents, permission, answer, details) =>
        answer(decide(permission, details.requestingUrl)),
      )
      governed.setPermissionCheckHandler((_contents, permission, origin) => decide(permission, origin))
    },
    denyDevices: () => governed.setDevicePermissionHandler(() => false),
    onRequest: (decide) =>
      governed.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !decide(details.url) })),
  }
}

/** Makes `app:` a scheme with an origin of its own. Called once, before `ready`. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** The scheme's handler as a port. Call after `ready`. */
export function adaptProtocol(): ProtocolPort {
  return {
    handle: (answer): Unsubscribe => {
      protocol.handle(appScheme, answer)
      return () => protocol.unhandle(appScheme)
    },
  }
}
