import { useState } from 'react'
import { ChangeBar } from '../../components/change-bar.tsx'
import { failureReason, RequestFailure } from '../../components/failure.tsx'
import { desktopBridge } from '../../state/desktop-bridge.ts'
import type { LiveState } from '../../state/live-state.ts'
import {
  changedSettings,
  readSettings,
  settingOfProblem,
  type SettingProblems,
  type SettingsTyped,
  typedSettings,
} from '../../state/settings-form.ts'
import { useConfigEdit, useConfigText } from '../../state/use-config-edit.ts'
import { useSettings } from '../../state/use-settings.ts'
import { strings } from '../../strings.ts'
import { AboutPart } from './about-part.tsx'
import { AppearancePart } from './appearance-part.tsx'
import { ConfigPart } from './config-part.tsx'
import { DesktopPart } from './desktop-part.tsx'
import { GatewayPart, PricesPart, PrivacyPart, type SettingBind } from './setting-parts.tsx'
import { SecretsPart } from './secrets-part.tsx'
import { UpdatesPart } from './updates-part.tsx'

const words = strings.settingsPage

/** The fields of the page, their problems, and writing what changed. */
function useSettingsForm() {
  const settings = useSettings()
  useConfigText()
  const [typed, setTyped] = useState<Partial<SettingsTyped>>({})
  const [wrong, setWrong] = useState<SettingProblems>({})
  const editing = useConfigEdit(() => setTyped({}))
  const saved = settings.data === undefined ? undefined : typedSettings(settings.data)
  const now = saved === undefined ? undefined : { ...saved, ...typed }
  const changed = saved === undefined || now === undefined ? [] : changedSettings(saved, now)
  const refused = Object.fromEntries(
    editing.problems.flatMap(({ path, message }) => {
      const name = settingOfProblem(path)
      return name === undefined ? [] : [[name, message]]
    }),
  )
  const problems: SettingProblems = { ...refused, ...wrong }
  const bind: SettingBind = (name) => ({
    value: now?.[name] ?? '',
    problem: problems[name],
    was: changed.includes(name) ? saved?.[name] : undefined,
    onChange: (value) => {
      setTyped((before) => ({ ...before, [name]: value }))
      setWrong({})
      editing.forget()
    },
  })
  const save = () => {
    if (saved === undefined || now === undefined) return
    const read = readSettings(saved, now)
    setWrong('problems' in read ? read.problems : {})
    if ('edits' in read) editing.save(read.edits)
    // Once the problem is on screen.
    else requestAnimationFrame(() => document.querySelector<HTMLElement>('.settings [aria-invalid="true"]')?.focus())
  }
  const revert = () => {
    setTyped({})
    setWrong({})
    editing.forget()
  }
  return { settings, ready: now !== undefined, changed: changed.length, editing, bind, save, revert }
}

/** The settings in one column. Those of the config file are gathered and written together; the others act at once. */
export function SettingsPage({ live }: { readonly live: LiveState }) {
  const { settings, ready, changed, editing, bind, save, revert } = useSettingsForm()
  const offline = live.connection !== 'live'
  return (
    <div className="edit-page">
      <div className="scroll-page">
        <header className="page-header">
          <h1>{strings.pages.settings}</h1>
        </header>
        <div className="settings">
          {ready ? (
            <Group title={words.groups.gateway}>
              <GatewayPart bind={bind} />
            </Group>
          ) : settings.isError ? (
            <RequestFailure
              text={words.failed(failureReason(settings.error))}
              onAgain={() => void settings.refetch()}
            />
          ) : (
            <div className="card card-waiting still" />
          )}
          <Group title={words.groups.config}>
            <ConfigPart />
          </Group>
          <Group title={words.groups.secrets}>
            <SecretsPart offline={offline} />
          </Group>
          {ready && (
            <>
              <Group title={words.groups.prices}>
                <PricesPart bind={bind} />
              </Group>
              <Group title={words.groups.privacy}>
                <PrivacyPart bind={bind} />
              </Group>
            </>
          )}
          <Group title={words.groups.appearance}>
            <AppearancePart />
          </Group>
          {desktopBridge() !== undefined && (
            <Group title={words.groups.desktop}>
              <DesktopPart />
            </Group>
          )}
          <Group title={words.groups.updates}>
            <UpdatesPart />
          </Group>
          <Group title={words.groups.about}>
            <AboutPart live={live} />
          </Group>
        </div>
      </div>
      {changed > 0 && (
        <ChangeBar
          summary={words.changes(changed)}
          problem={editing.problem}
          offline={offline}
          pending={editing.pending}
          onRevert={revert}
          onSave={save}
        />
      )}
    </div>
  )
}

function Group({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section className="settings-group" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  )
}
