/** Leads that hold canaries in every field, and what they and colleagues write of them. */
import { expect } from "@playwright/test";
import type { Api } from "./api.js";
import { Cage } from "./cage.js";
import { picture } from "./files.js";
import type { Hub } from "./hub.js";
import { Phone } from "./phone.js";

export interface Planted {
  /** All that is hidden. */
  cage: Cage;
  /** What may be seen of the leads by everybody: they are found by it. */
  first: string;
  last: string;
  phone: Phone;
  /** The number of a third lead, which nobody writes from. */
  takenNumber: string;
  /** What a search must not find, in the ways people type it. */
  guesses: string[];
  lead: string;
  twin: string;
  /** The WhatsApp conversation with the lead. */
  talk: string;
  list: string;
}

// Of every journey that plants, so that no two share a number.
const words = ["aro", "bel", "cin", "dov", "ern"];

/** Makes the leads, which one user owns, and has them write. */
export async function plant(hub: Hub, ada: Api, ownerId: string, n: number): Promise<Planted> {
  const word = words[n] ?? "";
  const [first, last, other] = [`Zephyra${word}`, `Kvízolanterň${word}`, `ज़ेफ़िरकानरी${["क", "ख", "ग", "च", "ज"][n]}`];
  const [number, twinNumber, takenNumber] = [`+9170${n}3516294`, `+9180${n}2748615`, `+9190${n}4973158`];
  const [mail, source] = [`kvizo.${word}kanarie`, `quillsource${word}`];
  const create = async (lastName: string, phone: string, email: string) => {
    const identifiers = [{ kind: "phone", value: phone }, ...(email ? [{ kind: "email", value: `${email}@example.com` }] : [])];
    const { lead } = await ada.call<{ lead: { id: string; identifiers: { id: string }[] } }>("LeadService/CreateLead", {
      firstName: first, lastName, identifiers, source, ownerId,
    });
    return lead;
  };
  const lead = await create(last, number, mail);
  const twin = await create(other, twinNumber, "");
  await create(last, takenNumber, "");
  const { list } = await ada.call<{ list: { id: string } }>("LeadService/CreateList", { name: `Fair ${word}`, kind: "static" });
  await ada.call("LeadService/AddToList", { listId: list.id, leadIds: [lead.id, twin.id] });
  const phone = new Phone(hub, number);
  const talk = await ada.conversation(lead.id, "whatsapp", lead.identifiers[0]?.id ?? "");
  await write(hub, ada, talk, phone, twinNumber);
  await new Phone(hub, twinNumber).says("And this is my other number", "sms");
  const digits = number.slice(3);
  return {
    cage: new Cage([
      { what: "phone", value: number, phone: true },
      { what: "second phone", value: twinNumber, phone: true },
      { what: "third phone", value: takenNumber, phone: true },
      { what: "last name", value: last },
      { what: "last name in Devanagari", value: other },
      { what: "e-mail address", value: mail },
      { what: "source", value: source },
    ]),
    first, last, phone, takenNumber,
    guesses: [number, digits, digits.slice(-4), last, last.slice(0, 6), other, mail],
    lead: lead.id, twin: twin.id, talk, list: `Fair ${word}`,
  };
}

/** What is said in both directions: the number in many spellings, files that are named by it, a card, a note. */
async function write(hub: Hub, ada: Api, talk: string, phone: Phone, cardNumber: string): Promise<void> {
  const digits = phone.number.slice(3);
  const [a, b] = [digits.slice(0, 5), digits.slice(5)];
  const devanagari = [...digits].map((digit) => String.fromCharCode(0x966 + Number(digit))).join("");
  for (const spelling of [phone.number, `0${a} ${b}`, `(+91) ${a}-${b}`, devanagari, `tel:+91${digits}`]) await phone.says(`Please call ${spelling} today`);
  await phone.sends({ kind: "contacts", contactName: "My card", contactPhone: cardNumber });
  const form = new FormData();
  form.append("file", new Blob(["%PDF-1.4 an offer"], { type: "application/pdf" }), `offer ${phone.number}.pdf`);
  const kept = (await (await fetch(`${hub.sandboxUrl}/control/media`, { method: "POST", body: form })).json()) as { id: string };
  await phone.sends({ kind: "document", mediaId: kept.id });
  await ada.send(talk, `I shall call you at ${a}-${b}`);
  await sendPicture(hub, ada, talk, `91${digits}.png`);
  await ada.call("ConversationService/AddNote", { conversationId: talk, clientId: crypto.randomUUID(), text: `She says 0${digits}` });
  const sent = async () => (await ada.messages(talk)).filter(({ direction }) => direction === "outbound").map(({ status }) => status);
  await expect.poll(sent).toEqual(["delivered", "delivered"]);
  await phone.fault("not_registered");
  await ada.send(talk, "This one fails");
  await expect.poll(sent).toEqual(["delivered", "delivered", "failed"]);
  await phone.calm("not_registered");
}

async function sendPicture(hub: Hub, ada: Api, conversationId: string, name: string): Promise<void> {
  const { buffer, mimeType } = picture(name, 64, 48);
  const upload = { conversationId, fileName: name, contentType: mimeType, size: buffer.length };
  const { mediaId, uploadUrl } = await ada.call<{ mediaId: string; uploadUrl: string }>("MediaService/CreateUpload", upload);
  const put = await fetch(new URL(uploadUrl, hub.url), { method: "PUT", body: new Uint8Array(buffer) });
  if (!put.ok) throw new Error(`sending the picture: ${put.status} ${await put.text()}`);
  await ada.call("MediaService/CompleteUpload", { mediaId });
  await ada.call("ConversationService/SendMessage", { conversationId, clientId: crypto.randomUUID(), text: "", mediaIds: [mediaId] });
}

/** The id of a user, by the beginning of their name. */
export async function userId(ada: Api, name: string): Promise<string> {
  const { users } = await ada.call<{ users: { id: string; name: string }[] }>("AdminService/ListUsers", {});
  const found = users.find((user) => user.name.startsWith(name));
  if (!found) throw new Error(`nobody is called ${name}`);
  return found.id;
}

/** Somebody new, who signs in with this. */
export async function invited(hub: Hub, ada: Api, role: string): Promise<{ id: string; email: string; password: string }> {
  const email = `nele.${crypto.randomUUID().slice(0, 8)}@harbour.example`;
  const password = "gravel tin cup";
  const { user, link } = await ada.call<{ user: { id: string }; link: { url: string } }>("AdminService/InviteUser", { email, name: "Nele Brandt", role });
  const answer = await fetch(`${hub.url}/converse.v1.AuthService/AcceptInvitation`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token: new URL(link.url).hash.slice(1), password }),
  });
  if (!answer.ok) throw new Error(`accepting the invitation: ${answer.status} ${await answer.text()}`);
  return { id: user.id, email, password };
}

/** Hides every canary from a user; what is returned ends that. */
export async function hide(ada: Api, user: string, phones: "ends" | "all"): Promise<() => Promise<void>> {
  const masks = [{ field: "phone", mask: phones }, ...["last_name", "email", "whatsapp", "source"].map((field) => ({ field, mask: "all" }))];
  const { template } = await ada.call<{ template: { id: string } }>("AdminService/SavePermissionTemplate", {
    template: { name: `Canaries of ${user}`, masks, maskText: true },
  });
  const permissionTemplateId = template.id;
  await ada.call("AdminService/SetAssignments", { permissionTemplateId, assignments: [{ userId: user }] });
  return () => ada.call("AdminService/DeletePermissionTemplate", { permissionTemplateId });
}
