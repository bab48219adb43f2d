import type { NoticeSwitches } from '../../gateway/contract/desktop.ts'
import type { NoticePort } from '../ports/electron-ports.ts'
import type { TrayState } from '../tray/tray-state.ts'
import { emptyMemory, stepNotices } from './step-notices.ts'

export interface NoticeBoardOptions {
  readonly port: NoticePort
  /** Read anew for each notice. */
  readonly switches: () => NoticeSwitches
  /** A notice was clicked: shows its page. */
  readonly onOpen: (page: string) => void
}

/** Shows what is new in the state of the tray. What is switched off is remembered as told, so that switching it on tells no old news. */
export function createNoticeBoard({ port, switches, onOpen }: NoticeBoardOptions) {
  let memory = emptyMemory
  return {
    update(state: TrayState): void {
      const step = stepNotices(memory, state)
      memory = step.memory
      if (step.notices.length === 0 || !port.isPossible()) return
      for (const { kind, title, body, page } of step.notices) {
        if (switches()[kind]) port.show({ title, body }, () => onOpen(page))
      }
    },
  }
}
