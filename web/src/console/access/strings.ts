/** What stands for a value that is hidden whole. */
export const mask = "••••";

/** What the screens say of what is hidden. */
export const words = {
  masked: "Hidden from you",
  stays: "Hidden from you, so you cannot change it. Saving leaves it as it is.",
  once: "You will not see this again once it is saved.",
  empty: "Empty",
  readOnly: "You may look at this lead, and not change it.",
  reveal: "Reveal once",
  revealWhat: (field: string) => `Reveal ${field}`,
  revealed: "Shown until you leave this lead",
  title: (field: string) => `Reveal ${field}`,
  text: "Say why you need it. Your name, the time and the reason are kept for the administrators.",
  reason: "Reason",
  reasonHelp: "At least 3 characters.",
  cancel: "Cancel",
  show: "Show it",
  fields: {
    first_name: "first name",
    last_name: "last name",
    phone: "phone number",
    email: "e-mail address",
    whatsapp: "WhatsApp id",
    source: "source",
    stage: "stage",
    owner: "owner",
    created_at: "time of creation",
    modified_at: "time of the last change",
  } as Readonly<Record<string, string>>,
  loginMasked: (role: string) => `${role} · sees no phone numbers`,
  loginSecond: (role: string) => `${role} · another org`,
};
