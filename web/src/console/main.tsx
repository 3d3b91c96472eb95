import { render } from "preact";
import { browserEnv } from "../browser/env.js";
import { followTheme } from "../browser/theme.js";
import { Session } from "../core/session.js";
import "../styles/ui.css";
import { App } from "./App.js";
import "./console.css";
import { askForDemo } from "./demo.js";
import { followLinks } from "./router.js";

followTheme(document.documentElement);
followLinks();
const session = new Session(browserEnv());
void session.resume();
void askForDemo();

const place = document.getElementById("app");
if (place) render(<App session={session} />, place);
