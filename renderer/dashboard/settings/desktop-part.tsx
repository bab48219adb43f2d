import { Switch } from '../../components/switch.tsx'
import { failureReason } from '../../state/failure-reason.ts'
import { useDesktop } from '../../state/use-desktop.ts'
import { strings } from '../../strings.ts'

const words = strings.settingsPage.desktop

/** What only the desktop application can do: start at login and show notices. */
export function DesktopPart() {
  const { view, change, problem } = useDesktop()
  if (view === undefined) return null
  const { settings, openAtLogin, openAtLoginNote } = view
  return (
    <div className="form">
      <Switch
        label={words.login}
        hint={openAtLoginNote ?? undefined}
        on={openAtLogin}
        onChange={(on) => change({ openAtLogin: on })}
      />
      <fieldset className="choices">
        <legend className="label">{words.notices}</legend>
        {(['budget', 'quota', 'vpn', 'model'] as const).map((name) => (
          <Switch
            key={name}
            label={words.notice[name]}
            on={settings.notices[name]}
            onChange={(on) => change({ notices: { [name]: on } })}
          />
        ))}
      </fieldset>
      {problem !== undefined && (
        <p className="field-error" role="alert">
          {words.failed(failureReason(problem))}
        </p>
      )}
    </div>
  )
}
