// What every page has: htmx with the site's rules, and the helpers of `window.nongshi` (docs/site.md lists them).
import htmx from "htmx.org";
import { wireBell } from "./lib/bell.js";
import { confirm, dialogs } from "./lib/confirm.js";
import { live } from "./lib/live.js";
import { stream } from "./lib/stream.js";
import { ago, localTimes } from "./lib/times.js";
import { fetchJson, csrf } from "./lib/fetch.js";
import { lang, text } from "./lib/texts.js";
import { toast } from "./lib/toast.js";
import { wireHtmx } from "./lib/htmx-rules.js";
import { onLoad, wirePage } from "./lib/page.js";

const nongshi = { ago, confirm, csrf, fetchJson, lang, live, onLoad, stream, text, toast };
window.nongshi = Object.assign(nongshi, window.nongshi || {});
window.htmx = htmx;
wireHtmx(htmx);
onLoad(localTimes);
onLoad(dialogs);
wirePage();
onLoad((root) => { if (root === document) wireBell(); });
