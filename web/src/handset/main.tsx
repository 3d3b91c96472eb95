import { effect } from "@preact/signals";
import { render } from "preact";
import { Desk } from "./Desk";
import { start, unread } from "./store";
import { applyTheme } from "./theme";
import { words } from "./words";
import "../styles/tokens.css";
import "../styles/base.css";
import "../ui/Ticks.css";
import "./styles/tokens.css";
// What adapts a part to narrow screens or less motion comes after the part.
import "./styles/list.css";
import "./styles/desk.css";
import "./styles/controls.css";
import "./styles/phone.css";
import "./styles/chat.css";
import "./styles/content.css";
import "./styles/bubble.css";
import "./styles/composer.css";
import "./styles/panel.css";

applyTheme();
effect(() => {
  document.title = unread.value ? `(${unread.value}) ${words.title}` : words.title;
});
start();
const desk = document.getElementById("desk");
if (desk) render(<Desk />, desk);
