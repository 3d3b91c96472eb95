/** Takes the picture of the README: `npm run picture`. */
import { openThread, pickUp, turn } from "./support/handset.js";
import { bubble, composer, expectTick, row, send } from "./support/screen.js";
import { expect, test } from "./support/test.js";

const target = `${import.meta.dirname}/../../docs/converse.png`;
// Pixel for pixel, which keeps the text sharp and the file small.
const size = { width: 812, height: 704 };
const calm = { reducedMotion: "reduce", locale: "en-US" } as const;

test("the console beside a lead's phone", async ({ device, hub, browser, people, mira }) => {
  const lead = people.take({ numbers: 2 });
  const page = await device({ ...calm, user: "Mira", viewport: size });
  const phone = await pickUp(await device({ ...calm, viewport: { width: 1100, height: 790 } }), hub, lead);

  await lead.phone.says("Hello! Is the flat on Quay Street still free?");
  const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
  await page.goto(`/c/${id}`);
  await turn(phone, "Reads by itself", true);
  await expectTick(await send(page, lead, `Hello ${lead.firstName}, yes it is! The living room faces south, and the terrace is right behind it.`), "Read");
  await lead.phone.sends({ kind: "image", text: "This is how I picture the evenings there 😄" });
  await expect(page.getByRole("log").locator("img")).toBeVisible();
  await expectTick(await send(page, lead, "Then come and see for yourself: does Thursday at five suit you?"), "Read");
  await lead.phone.says("Thursday at five is perfect 👍");
  await expect(bubble(page, "Thursday at five is perfect")).toBeVisible();
  await openThread(phone, "Thursday at five is perfect");
  await turn(phone, "Reads by itself", false);
  await turn(phone, "Read receipts", false);
  await expectTick(await send(page, lead, "See you there! I will bring the floor plan."), "Delivered");
  await composer(page, lead).fill("Do you have any other");
  await expect(row(page, lead)).toBeVisible();
  await expect(phone.getByRole("log")).toContainText("I will bring the floor plan.");
  await expect(phone.getByRole("status", { name: "typing…" })).toHaveCount(0);

  const [desk, handset] = await Promise.all([page.screenshot(), phone.locator(".phone").screenshot({ omitBackground: true })]);
  const board = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const src = (png: Buffer) => `data:image/png;base64,${png.toString("base64")}`;
  await board.setContent(`
    <style>
      body { margin: 0; height: 800px; display: flex; align-items: center; justify-content: space-evenly; background: #dfecec; }
      img { display: block; box-shadow: 0 12px 40px rgb(20 60 60 / 0.2); }
      .desk { border-radius: 10px; }
      .phone { border-radius: 54px; }
    </style>
    <img class="desk" src="${src(desk)}" /><img class="phone" src="${src(handset)}" />`);
  await board.screenshot({ path: target });
  await board.close();
});
