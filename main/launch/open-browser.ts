import { spawn } from 'node:child_process'

/** The system's own command that opens a link in the user's browser. */
export function browserCommand(platform: NodeJS.Platform, link: string): { command: string; argumentList: string[] } {
  if (platform === 'darwin') return { command: 'open', argumentList: [link] }
  // `start` is a word of the shell, which would read the & and ^ of a link.
  if (platform === 'win32') return { command: 'rundll32', argumentList: ['url.dll,FileProtocolHandler', link] }
  return { command: 'xdg-open', argumentList: [link] }
}

/** Opens a link and does not wait. Where nothing can open it the printed link is still there to click. */
export function openBrowser(link: string): void {
  const { command, argumentList } = browserCommand(process.platform, link)
  const child = spawn(command, argumentList, { stdio: 'ignore', detached: true })
  child.once('error', () => undefined)
  child.unref()
}

/** The interface's link with its one-time code in a line the gateway prints, if it is that line. */
export function findInterfaceLink(line: string): string | undefined {
  return /\bhttps?:\/\/\S+\/ui\/\S*#\S+/.exec(line)?.[0]
}
