import { CircleUserRound, Keyboard, LogOut, Smartphone } from "lucide-preact";
import { useRef, useState } from "preact/hooks";
import { setTheme, theme } from "../browser/theme.js";
import type { Desk } from "../core/desk.js";
import { Avatar } from "../ui/Avatar.js";
import { keyNames } from "../ui/keys.js";
import { Menu, type MenuItem } from "../ui/Menu.js";
import { Popover } from "../ui/Popover.js";
import { Segmented } from "../ui/Segmented.js";
import { s } from "../ui/strings.js";
import { demo } from "./demo.js";
import { labels } from "./people/labels.js";
import { go, paths } from "./router.js";
import { c } from "./strings.js";

export interface ProfileMenuProps {
  desk: Desk;
  onShortcuts(): void;
  onSignOut(): void;
}

/** Who is signed in, how it looks, and the way out. */
export function ProfileMenu({ desk, onShortcuts, onSignOut }: ProfileMenuProps) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const { user, org } = desk;
  const items: MenuItem[] = [
    {
      label: labels.account,
      icon: CircleUserRound,
      onSelect: () => {
        close();
        go(paths.settings("my-sign-in"));
      },
    },
    {
      label: c.console.shortcuts,
      icon: Keyboard,
      hint: `${keyNames.command}+/`,
      onSelect: () => {
        close();
        onShortcuts();
      },
    },
    { label: c.console.signOut, icon: LogOut, onSelect: onSignOut },
  ];
  const handsets = demo.value?.sandboxUrl;
  if (handsets) items.unshift({ label: c.login.handsets, icon: Smartphone, onSelect: () => window.open(handsets, "_blank", "noopener") });
  return (
    <>
      <button
        ref={anchor}
        type="button"
        class="rail-link rail-profile"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={`${c.console.profile}: ${user.name}`}
        title={user.name}
        data-testid="profile"
        onClick={() => setOpen(!open)}
      >
        <Avatar name={user.name} id={user.id} size="small" />
      </button>
      {open && (
        <Popover anchor={anchor} label={c.console.profile} role="dialog" onClose={close} class="profile" testId="profile-menu">
          <div class="profile-who">
            <Avatar name={user.name} id={user.id} />
            <div class="grow">
              <div class="clip profile-name">{user.name}</div>
              <div class="meta clip">
                {s.role(user.role)} · {org.name}
              </div>
              <div class="meta clip">{user.email}</div>
            </div>
          </div>
          <div class="profile-theme">
            <Segmented
              label={c.console.theme}
              value={theme.value}
              onChange={setTheme}
              testId="theme"
              options={[
                { value: "light", label: c.console.light },
                { value: "dark", label: c.console.dark },
                { value: "system", label: c.console.system },
              ]}
            />
          </div>
          <div role="menu" aria-label={c.console.profile}>
            <Menu items={items} />
          </div>
        </Popover>
      )}
    </>
  );
}
